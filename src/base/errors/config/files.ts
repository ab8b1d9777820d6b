/** What a configuration file can be as a file and as text, whatever it says. */
export const FILE_ERRORS = {
  "file-missing": {
    title: "A file is not there",
    explanation: "ha.cf, haresources and authkeys must exist; tandem.cf need not.",
    nextStep: "Copy the file from the other node, or write it; it must be the same on both.",
  },
  "file-unreadable": {
    title: "A file cannot be read",
    explanation: "It exists, but it is no regular file, or this user may not read it.",
    nextStep: "Run the command as root; make sure that the path is a regular file.",
  },
  "file-too-large": {
    title: "A file is too large to be a configuration",
    explanation: "Files over 256 KiB are not read: something else was written there.",
    nextStep: "Restore the file from the other node or from a backup.",
  },
  "too-many-problems": {
    title: "More problems than are shown",
    explanation: "Only the first hundred problems of a file are listed.",
    nextStep: "Mend those that are shown and run the check again.",
  },
  "nul-byte": {
    title: "A NUL byte in a line",
    explanation:
      "Text files hold none: the file was damaged, perhaps by a power cut. The line is not read.",
    nextStep: "Write the line again, or restore the file from the other node.",
  },
  "control-character": {
    title: "An invisible character in a line",
    explanation: "It cannot be seen in an editor and becomes part of a word. The line is not read.",
    nextStep: "Write the line again.",
  },
  "not-utf-8": {
    title: "Bytes that are not UTF-8",
    explanation: "The line holds bytes that no UTF-8 text has. The line is not read.",
    nextStep: "Save the file as UTF-8, best as plain ASCII.",
  },
  "byte-order-mark": {
    title: "The file begins with a byte order mark",
    explanation: "Some editors write one. Tandem skips it; Heartbeat takes it as part of a word.",
    nextStep: "Save the file without it: `sed -i '1s/^\\xef\\xbb\\xbf//' FILE`.",
  },
  crlf: {
    title: "Lines end in CR LF",
    explanation:
      "The file was written on another system. Tandem takes the line ends as they are meant; shell scripts that read the file do not.",
    nextStep: "`sed -i 's/\\r$//' FILE`",
  },
  "no-final-newline": {
    title: "The last line has no end",
    explanation: "The file may have been cut short. The line is read all the same.",
    nextStep: "Look whether something is missing, then add a newline.",
  },
  "line-too-long": {
    title: "A line is too long",
    explanation: "Heartbeat reads at most 5119 characters of a line. The line is not read.",
    nextStep: "Split the line.",
  },
} as const;
