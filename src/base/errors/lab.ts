/** What a machine may lack for the lab (`tandem demo`, the end-to-end tests): thrown as LabUnavailable. */
export const LAB_ERRORS = {
  "lab-no-unshare": {
    title: "There is no unshare",
    explanation: "The lab makes its hosts with util-linux's `unshare`.",
    nextStep: "Install the package util-linux.",
  },
  "lab-no-namespaces": {
    title: "The kernel refuses namespaces",
    explanation:
      "A host of the lab is a set of namespaces. Root may make them; users may where the kernel's settings let them, and inside of a container often nobody may.",
    nextStep: "Set what the message names, or run the lab as root.",
  },
  "lab-not-built": {
    title: "Tandem is not built",
    explanation: "The lab's hosts run real programs from `dist/`, which is not there.",
    nextStep: "Run `npm run build`.",
  },
  "lab-no-heartbeat": {
    title: "There is no Heartbeat",
    explanation:
      "The acceptance run heartbeat-peer plays a real Heartbeat 3.0.6 beside Tandem, from the distribution's packages, and as root.",
    nextStep:
      "Install the packages heartbeat and cluster-glue (Debian: `apt-get install --no-install-recommends heartbeat`), and run it as root.",
  },
  "lab-place-taken": {
    title: "No place for the lab's files",
    explanation:
      "A host of the lab has a /run, /var/log and /dev of its own, and the lab a tree over one of /mnt, /media and /srv: neither Node nor Tandem can lie there.",
    nextStep: "Move what the message names, for instance to /opt.",
  },
} as const;
