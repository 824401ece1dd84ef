"""Brings programs that speak MCP over standard input and output to an endpoint, as the well-known mcp_pipe.py does.

On the wire it is the same: a child for each socket, started once the socket is open; each line of its output is one
text frame with its newline, whatever it holds; a text frame becomes one line of its input. A child that dies leaves the
socket open and silent, until the next frame breaks its pipe; then the socket is closed with 1000. After every close it
waits 2, 4, 8 ... 600 seconds, and no success makes that shorter. PIPE_SECOND is how long such a second takes here.

usage: ENDPOINT_URL=... mcp_pipe.py '{"name": ["command", "argument"]}'
"""
import asyncio
import json
import os
import sys

import websockets

SECOND = float(os.environ.get("PIPE_SECOND", "1"))


def say(name, what):
    print(f"{name}: {what}", flush=True)


async def to_child(socket, child):
    async for text in socket:
        data = text if isinstance(text, bytes) else text.encode()
        child.stdin.write(data + b"\n")
        await child.stdin.drain()
        if child.returncode is not None:
            raise BrokenPipeError("the program has ended")


async def from_child(socket, child):
    while True:
        line = await child.stdout.readline()
        if not line:
            # The socket stays as it is.
            await asyncio.Event().wait()
        await socket.send(line.decode())


async def once(name, command, url):
    async with websockets.connect(url) as socket:
        child = await asyncio.create_subprocess_exec(
            *command, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL, limit=2**24
        )
        say(name, f"started {child.pid}")
        tasks = [asyncio.ensure_future(task) for task in (to_child(socket, child), from_child(socket, child))]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            for task in tasks:
                task.cancel()
            if child.returncode is None:
                child.kill()
            await child.wait()
            await socket.close()
            say(name, f"closed {socket.close_code} {socket.close_reason}")


async def keep(name, command, url):
    wait = 1
    while True:
        try:
            await once(name, command, url)
        except Exception as fault:
            say(name, f"fault {fault}")
        wait = min(wait * 2, 600)
        say(name, f"waits {wait}")
        await asyncio.sleep(wait * SECOND)


async def main():
    url = os.environ["ENDPOINT_URL"]
    await asyncio.gather(*(keep(name, command, url) for name, command in json.loads(sys.argv[1]).items()))


asyncio.run(main())
