/** What the configuration files can have wrong with them: diagnostics, never thrown. */
export const CONFIG_ERRORS = {
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
  "unknown-directive": {
    title: "A directive that nobody knows",
    explanation: "The first word of a line is no directive. Directives are written in lower case.",
    nextStep: "Correct the name, or remove the line.",
  },
  "lenient-autofailback": {
    title: "autofailback instead of auto_failback",
    explanation: "Tandem takes it as it is meant; Heartbeat 3.0.6 refuses to start with it.",
    nextStep: "Write `auto_failback`.",
  },
  "replaced-directive": {
    title: "An old name of a directive",
    explanation: "Heartbeat has given it another name; the old one still works.",
    nextStep: "Write the new name.",
  },
  "obsolete-directive": {
    title: "An obsolete directive",
    explanation:
      "Heartbeat 3.0.6 takes nice_failback as `auto_failback legacy`, whatever its value.",
    nextStep: "Write `auto_failback on` or `auto_failback off`.",
  },
  "not-run": {
    title: "Not run by this version",
    explanation:
      "The line is understood, but what it asks for does not happen yet. No part of Tandem pretends.",
    nextStep: "Nothing, if you can do without it; else wait for a version that runs it.",
  },
  "done-otherwise": {
    title: "Done in Tandem's own way",
    explanation:
      "The line sets how Heartbeat does something that Tandem does differently, or has no need of. It is accepted, and nothing is missing without it.",
    nextStep: "Nothing. A Heartbeat node goes on reading the line.",
  },
  "pacemaker-refused": {
    title: "A cluster managed by Pacemaker",
    explanation:
      "With `crm` on, haresources is not used and Pacemaker decides. Tandem takes Pacemaker's place, not its orders.",
    nextStep:
      "Remove the line and list what each node owns in haresources; or stay with Pacemaker, which today runs on corosync.",
  },
  "no-value": {
    title: "A directive without a value",
    explanation: "Heartbeat accepts such a line and does nothing.",
    nextStep: "Give the value, or remove the line.",
  },
  "too-many-values": {
    title: "More than one value",
    explanation: "The directive has one value; the last one counts.",
    nextStep: "Leave only the value that is meant.",
  },
  "set-twice": {
    title: "Set twice",
    explanation: "The directive stands in two lines; the later one counts.",
    nextStep: "Remove one of the lines.",
  },
  "bad-time": {
    title: "Not a time",
    explanation:
      "A time is a number of seconds (`2`, `1.5`), or a number with `ms` or `us` behind it (`500ms`). There is no `s`, no `m`, no blank before the unit.",
    nextStep: "Write the time that is meant, for example `1500ms`.",
  },
  "bad-boolean": {
    title: "Neither on nor off",
    explanation: "Possible are on, true, yes, y, 1 and off, false, no, n, 0.",
    nextStep: "Write `on` or `off`.",
  },
  "bad-number": {
    title: "Not a number in the range",
    explanation: "The directive wants a whole number within bounds.",
    nextStep: "Write a number that the message allows.",
  },
  "bad-choice": {
    title: "A word that the directive does not know",
    explanation: "The directive knows only a few words.",
    nextStep: "Write one of the words in the message.",
  },
  "bad-path": {
    title: "Not a full path",
    explanation: "Devices, programs and log files are named by their full path.",
    nextStep: "Write the path from `/` on.",
  },
  "bad-respawn": {
    title: "Not a respawn line",
    explanation: "A respawn line names a user and the full path of a program.",
    nextStep: "Write `respawn USER /full/path/of/program`.",
  },
  "keepalive-zero": {
    title: "No time between two beats",
    explanation: "keepalive is the time between two beats and at least one millisecond.",
    nextStep: "Write `keepalive 2`, or less on fast and quiet machines.",
  },
  "warntime-zero": {
    title: "No time before a warning",
    explanation: "warntime is how late a beat may be before the log says so.",
    nextStep: "Write half of deadtime.",
  },
  "warntime-over-deadtime": {
    title: "Warned only after death",
    explanation: "With warntime above deadtime a late beat is never warned of.",
    nextStep: "Write half of deadtime.",
  },
  "deadtime-too-short": {
    title: "deadtime is too short for keepalive",
    explanation:
      "At deadtime ≤ 2 × keepalive a single lost beat is taken for a death. Heartbeat refuses it too.",
    nextStep: "Raise deadtime, best to 4 × keepalive or more, or lower keepalive.",
  },
  "lifetime-too-coarse": {
    title: "The address's lifetime is too coarse for these times",
    explanation:
      "The kernel counts an address's lifetime in whole seconds and may end it up to 0.4 s late. With deadtime − keepalive below 1.5 s a machine that hangs may still hold the address when the other takes it, for part of a second.",
    nextStep: "Raise deadtime above keepalive + 1.5 s, where that gap matters.",
  },
  "initdead-too-short": {
    title: "initdead is shorter than deadtime",
    explanation: "A machine that boots would be declared dead sooner than one that runs.",
    nextStep: "Write at least deadtime; 120 and more for machines whose network comes late.",
  },
  "initdead-small": {
    title: "initdead is small",
    explanation: "Below 10 s a network that comes up late is easily taken for a dead peer.",
    nextStep: "Write 10 or more.",
  },
  "deadping-too-short": {
    title: "deadping is too short for keepalive",
    explanation: "At deadping ≤ 2 × keepalive a single lost answer counts as silence.",
    nextStep: "Raise deadping above 2 × keepalive.",
  },
  "lifetime-sum": {
    title: "How long an address outlives its daemon",
    explanation:
      "An address is added with a lifetime that only a healthy daemon renews: the largest whole second ≤ deadtime − keepalive − 0.5 s, at least 1. A machine that hangs loses it before the other takes it.",
    nextStep: "Nothing: this is the sum for your times.",
  },
  "watchdog-sum": {
    title: "When the watchdog fires",
    explanation:
      "The watchdog's time is the largest whole second ≤ deadtime − keepalive − 0.5 s, so that a machine that hangs is gone before the other takes over.",
    nextStep: "Nothing: this is the sum for your times.",
  },
  "line-time": {
    title: "How long a beat takes on the serial line",
    explanation:
      "A beat is 250 to 380 bytes, a line carries a tenth of its baud in bytes each second. Where a line is too slow for keepalive, beats on that line come less often: every 4 × the time of one.",
    nextStep: "Raise baud on both nodes if the line is slower than keepalive asks.",
  },
  "baud-after-serial": {
    title: "baud stands after serial",
    explanation: "Tandem counts it wherever it stands; Heartbeat runs such a line at 19200.",
    nextStep: "Move `baud` above `serial`, at the latest when the other node is a Heartbeat.",
  },
  "udpport-after-media": {
    title: "udpport stands after a medium",
    explanation: "Tandem counts it wherever it stands; Heartbeat uses the default port there.",
    nextStep: "Move `udpport` above the media.",
  },
  "bad-node-name": {
    title: "Not a node name",
    explanation:
      "A node's name is what `uname -n` says: letters, digits, dots and hyphens. Quotes are part of a word.",
    nextStep: "Write the name alone, without quotes.",
  },
  "no-nodes": {
    title: "No node is named",
    explanation: "A cluster needs its nodes by name, as `uname -n` says them.",
    nextStep: "Write a line `node NAME` for each of the two machines.",
  },
  "too-many-nodes": {
    title: "More than two nodes",
    explanation: "Tandem keeps a pair of machines.",
    nextStep: "Leave the two nodes that form the pair.",
  },
  "one-node": {
    title: "Only one node",
    explanation: "There is nobody to take over.",
    nextStep: "Add a line `node NAME` for the other machine.",
  },
  "duplicate-node": {
    title: "A node is named twice",
    explanation: "Names are compared in lower case. Perhaps the other node's name was meant.",
    nextStep: "Remove the line, or write the other node's name.",
  },
  "own-node-missing": {
    title: "This machine is not among the nodes",
    explanation: "A node is known by what `uname -n` says, in lower case, domain included.",
    nextStep: "Write that name in a node line, or change it with `hostnamectl set-hostname`.",
  },
  "no-media": {
    title: "No medium to beat on",
    explanation: "Without one the nodes cannot hear each other.",
    nextStep: "Write `bcast INTERFACE` or `serial DEVICE`, best both.",
  },
  "duplicate-medium": {
    title: "A medium is named twice",
    explanation: "The same cable twice is no second cable. It is used once.",
    nextStep: "Remove the line, or name another cable.",
  },
  "single-medium": {
    title: "Only one cable between the nodes",
    explanation: "When it breaks, neither node can tell that from the other's death.",
    nextStep: "Add a second medium of another kind: a crossover cable, a serial line, the LAN.",
  },
  "bad-interface-name": {
    title: "Not an interface's name",
    explanation:
      "The kernel's names have at most 15 characters and no slash. Quotes are part of a word.",
    nextStep: "Write the name alone, without quotes: `ip -br link` lists them.",
  },
  "part-missing": {
    title: "A part of the line is missing",
    explanation: "The directive takes several words, each with its place in the line.",
    nextStep: "Add what is missing.",
  },
  "part-too-many": {
    title: "A word too many",
    explanation: "The directive takes so many words and no more.",
    nextStep: "Remove the word; where several are meant, write a line for each.",
  },
  "bad-host": {
    title: "Not a host",
    explanation:
      "One other machine is wanted: by address, or by a name that this machine can look up.",
    nextStep: "Write the address; it needs no name service.",
  },
  "bad-group": {
    title: "Not a multicast group",
    explanation:
      "Groups are the IPv4 addresses from 224.0.0.0 to 239.255.255.255 and the IPv6 addresses that begin with ff.",
    nextStep: "Write a group of your own choice, for example `225.0.0.1` or `ff02::694`.",
  },
  "ping-of-a-node": {
    title: "A ping node that is a node of the cluster",
    explanation:
      "A ping node stands outside the pair and tells which of the two is cut off. The other node cannot.",
    nextStep: "Name another host: the router, or a switch with an address.",
  },
  "duplicate-ping-node": {
    title: "A ping node is named twice",
    explanation: "The same host twice is no second opinion. It is asked once.",
    nextStep: "Remove the line, or name another host.",
  },
  "multicast-stays-here": {
    title: "A multicast that never leaves the machine",
    explanation: "With a TTL of 0 the kernel sends nothing out: the other node hears nothing.",
    nextStep: "Write 1 for the TTL.",
  },
  "only-own-address": {
    title: "This machine's own address",
    explanation:
      "A `ucast` line with it is left out, so that both nodes can have the same file; here nothing is left. As a ping node it answers whatever becomes of the cables.",
    nextStep: "For `ucast` add a line with the other node's address; for `ping` name another host.",
  },
  "no-such-interface": {
    title: "No such network interface",
    explanation:
      "This machine has no interface of that name. The daemon starts all the same and looks for it again and again: it may come later.",
    nextStep: "`ip -br link` lists the interfaces; write the right name.",
  },
  "interface-without-broadcast": {
    title: "An interface that reaches nobody",
    explanation:
      "Nobody else is heard on the loopback interface, and a point-to-point interface has no broadcast.",
    nextStep: "Name an Ethernet interface.",
  },
  "interface-without-address": {
    title: "An interface without an address now",
    explanation:
      "It is down, has no carrier (a crossover cable with the other machine off has none), or no IPv4 address.",
    nextStep: "`ip -br addr show` and `ip -br link show` tell which; look at the cable.",
  },
  "serial-missing": {
    title: "No such serial device",
    explanation: "The pair runs without this cable, with one chance less to hear the other node.",
    nextStep: "Check the device's name (`dmesg | grep tty`) and permissions.",
  },
  "not-a-device": {
    title: "Not a character device",
    explanation: "There is something of that name, but no device.",
    nextStep: "Name the device.",
  },
  "watchdog-missing": {
    title: "No such watchdog device",
    explanation: "A machine that hangs will not be restarted by its watchdog.",
    nextStep: "Load the driver of the board's watchdog, or `modprobe softdog`.",
  },
  "respawn-missing": {
    title: "The respawn program is not there",
    explanation:
      "It was looked for where the line says and under the other usual directories. The pair runs without it.",
    nextStep: "Install it, or remove the line.",
  },
  "ipfail-without-ping": {
    title: "ipfail without ping nodes",
    explanation: "It has the node that reaches fewer ping nodes give its groups to the other one.",
    nextStep: "Add a line `ping HOST` with the router that clients come through.",
  },
  "respawn-elsewhere": {
    title: "The respawn program is in another directory",
    explanation: "Distributions keep Heartbeat's programs in different places.",
    nextStep: "Write the path where it is.",
  },
  "legacy-failback": {
    title: "auto_failback legacy",
    explanation:
      "Heartbeat's default, deprecated: resources go back to their node, `hb_standby` on a Heartbeat node does nothing.",
    nextStep: "Write `auto_failback on` or `auto_failback off`.",
  },
  "safety-without-proof": {
    title: "mode safety with nothing to prove a death",
    explanation:
      "In safety a silent node is followed only once it is proved gone, and this version runs neither fencing nor an arbiter: after a power cut nobody takes over.",
    nextStep: "Write `mode availability`, or accept that a person must take over.",
  },
  "unknown-node": {
    title: "A node that ha.cf does not name",
    explanation: "The first word of a line of haresources is the node that should own the rest.",
    nextStep: "Write a node's full name as ha.cf has it.",
  },
  "empty-group": {
    title: "A node with nothing to own",
    explanation: "The line names a node and no resource.",
    nextStep: "Add an address or a service, or remove the line.",
  },
  "no-groups": {
    title: "Nothing to own",
    explanation: "haresources names no resource: the nodes watch each other and keep nothing.",
    nextStep: "Write a line such as `NODE ADDRESS SERVICE`.",
  },
  "duplicate-group": {
    title: "Two groups of one name",
    explanation: "A group is known by its first resource, which must be there only once.",
    nextStep: "Join the two lines, or put another resource first.",
  },
  "duplicate-address": {
    title: "An address in two places",
    explanation: "One address belongs to one group.",
    nextStep: "Remove one of them.",
  },
  "duplicate-resource": {
    title: "A resource twice in one group",
    explanation: "It would be started twice and stopped twice.",
    nextStep: "Remove one of them.",
  },
  "bad-address": {
    title: "Not an address",
    explanation:
      "An address is written `a.b.c.d`, and may go on with `/bits`, `/interface` or `/interface:label`, and `/broadcast`.",
    nextStep: "Correct the part under the caret.",
  },
  "bad-resource": {
    title: "Not a resource",
    explanation:
      "A resource is an address, or the name of a script, with arguments behind `::`. The name is looked up in fixed directories, so it holds no `/`.",
    nextStep: "Correct the word under the caret.",
  },
  "stray-backslash": {
    title: "A backslash that is not at the end",
    explanation: "A line goes on in the next one only if `\\` is its very last character.",
    nextStep: "Remove the blanks behind the backslash, or the backslash.",
  },
  "continuation-without-blank": {
    title: "Two lines joined without a blank",
    explanation:
      "Heartbeat makes one word of the last word of a line and the first of the next; Tandem reads two.",
    nextStep: "Put a blank before the backslash.",
  },
  "service-interface-missing": {
    title: "No interface for the address",
    explanation:
      "No interface of this machine is now in the address's network, and the line names none.",
    nextStep:
      "Check the address, and that the interface is up; or name the interface: `ADDRESS/BITS/INTERFACE`.",
  },
  "script-missing": {
    title: "No such service on this machine",
    explanation: "The group cannot start here, and the other node is alone.",
    nextStep: "Install the service, or correct its name.",
  },
  "starts-at-boot": {
    title: "A resource that the machine starts itself",
    explanation:
      "The service is enabled at boot. It then runs before Tandem has asked who owns the group, perhaps on both nodes at once.",
    nextStep:
      "Run `systemctl disable NAME` on both nodes; without systemd `update-rc.d NAME disable` or `chkconfig NAME off`.",
  },
  "script-alias": {
    title: "The service has another name here",
    explanation: "Distributions call the same service differently; Tandem knows the usual pairs.",
    nextStep: "Nothing. Write this machine's name of it only if both machines have it.",
  },
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
  "heartbeat-refuses": {
    title: "Heartbeat 3.0.6 would not start",
    explanation:
      "Printed by `tandem check --for heartbeat`: the daemon of the other kind refuses these files, often without naming the line. Tandem may take them.",
    nextStep: "Mend the line on both machines before the Heartbeat node starts.",
  },
  "heartbeat-differs": {
    title: "Heartbeat 3.0.6 would start, and not do what the line says",
    explanation:
      "Printed by `tandem check --for heartbeat`: the daemon complains of the line, or reads it in another way.",
    nextStep: "Write what is meant so that both understand it alike.",
  },
  "heartbeat-not-judged": {
    title: "Only Heartbeat itself can judge this",
    explanation:
      "Printed by `tandem check --for heartbeat`: a plugin of the daemon reads it, and may refuse it.",
    nextStep: "On the Heartbeat node try the device with the command `stonith`.",
  },
} as const;
