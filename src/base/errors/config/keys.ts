/** authkeys. */
export const KEY_ERRORS = {
  "bad-permissions": {
    title: "authkeys can be read by others",
    explanation: "Who can read the key can give orders to the cluster. Heartbeat refuses it too.",
    nextStep: "`chmod 600 /etc/ha.d/authkeys`",
  },
  "auth-missing": {
    title: "No auth line",
    explanation: "A line `auth N` says which key signs.",
    nextStep: "Write `auth N` with the number of a key line, above the key lines.",
  },
  "auth-without-key": {
    title: "auth names a key that is not there",
    explanation: "There is no usable key line of that number.",
    nextStep: "Write the key line, or the number of one that is there.",
  },
  "auth-after-keys": {
    title: "auth stands after its key",
    explanation: "Tandem does not mind; Heartbeat 3.0.6 does not find the key then.",
    nextStep: "Move the auth line to the top.",
  },
  "bad-auth-line": {
    title: "Not a line of authkeys",
    explanation: "A line is `auth N`, or `N METHOD KEY` (`N crc` without a key).",
    nextStep: "Correct the line. A comment needs a line of its own.",
  },
  "key-number-over-15": {
    title: "A key number above 15",
    explanation: "Tandem takes it; Heartbeat 3.0.6 refuses to start with it.",
    nextStep: "Use 1 to 15, on both nodes, at the latest when one of them is a Heartbeat.",
  },
  "unknown-auth-method": {
    title: "An unknown method",
    explanation: "Methods are crc, md5, sha1 (Heartbeat's) and sha256 (Tandem's own).",
    nextStep: "Write one of them, best sha256 between Tandem nodes and sha1 with a Heartbeat.",
  },
  "key-missing": {
    title: "A method without its key",
    explanation: "md5, sha1 and sha256 sign with a secret.",
    nextStep: "Write a long random word behind the method: `openssl rand -hex 20` makes one.",
  },
  "crc-takes-no-key": {
    title: "crc with a key",
    explanation:
      "crc has no key: whoever wrote one believes in a protection that is not there. A trailing comment counts as a key. Heartbeat refuses it too.",
    nextStep: "Write `sha1` or `sha256` instead of `crc`, or remove what follows.",
  },
  "duplicate-key": {
    title: "Two keys of one number",
    explanation: "The later one counts.",
    nextStep: "Remove one of the lines.",
  },
  "no-protection": {
    title: "crc is no protection",
    explanation:
      "It notices damage, not forgery: anyone who reaches the network can speak for either node.",
    nextStep:
      "On anything but a cable of your own use sha256 (or sha1 opposite a Heartbeat) with a random key.",
  },
  "heartbeat-lacks-sha256": {
    title: "sha256 is Tandem's own",
    explanation: "A real Heartbeat node refuses to start with such a key.",
    nextStep: "Use sha1 as long as one node is a Heartbeat.",
  },
} as const;
