import { mediumName } from "../../src/base/names.ts";
import { nullModem } from "../../src/linux/pty.ts";
import { openSerial } from "../../src/media/serial.ts";
import { behavesAsMedium } from "./medium.ts";
import { localEnd } from "./medium-end.ts";

behavesAsMedium("a serial line over a pty pair", async () => {
  const cable = nullModem();
  const end = (device: string) =>
    localEnd((callbacks) =>
      openSerial({ kind: "serial", name: mediumName(device), device, baud: 9600 }, callbacks),
    );
  return {
    left: end(cable.left),
    right: end(cable.right),
    close: async () => cable.close(),
  };
});
