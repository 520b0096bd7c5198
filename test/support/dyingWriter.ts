import fs from "node:fs";
import { decode } from "../../src/live/decode";
import { type Io, nodeIo, writeEdits } from "../../src/live/write";

/** A program of its own that replaces OLD by NEW in a file, and is killed before its n-th call; without n, it says how many there are. */
const [file = "", n = "0"] = process.argv.slice(2);
const { text } = decode(fs.readFileSync(file));
const start = text.indexOf("OLD");
let calls = 0;

const io = new Proxy(nodeIo, {
  get: (target, name: keyof Io) => {
    const call = target[name] as (...args: unknown[]) => unknown;
    return (...args: unknown[]) => {
      if (++calls === Number(n)) {
        process.kill(process.pid, "SIGKILL");
        nodeIo.pause(10_000);
      }
      // Few bytes at a time, so that it also dies in the middle of them.
      if (name === "write") args[3] = Math.min(args[3] as number, 1024);
      return call(...args);
    };
  },
});

const edit = { path: file, span: { start, end: start + 3 }, pieces: ["NEW"] };
const answer = writeEdits(file, { path: file, text }, [edit], { isPrivate: true, io });
process.stdout.write(JSON.stringify({ answer, calls }));
