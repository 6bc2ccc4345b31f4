#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Runs a static analyser over src, pkcs11 and tools: lint.py gcc | clang-tidy | cppcheck.

A finding that is none is excused where it stands, in its line or the one before, by a comment that
names the check and says why: /* lint CHECK: reason */. An excuse that nothing needs any more is a
failure, too."""
import concurrent.futures
import glob
import os
import re
import subprocess
import sys

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
PACKAGES = ("libcrypto libpcsclite jansson libcurl sqlite3 libpq libmicrohttpd libqrencode "
            "libpkcs11-helper-1").split()
TEXTS = "BK_VERSION PACKAGE_VERSION LOCALEDIR BINDIR SBINDIR PKGDATADIR MODULEDIR".split()
DEFINES = ["-D_GNU_SOURCE", "-DHAVE_PCSC", "-DHAVE_POSTGRESQL", "-DHAVE_VIRTUAL_KEY",
           "-DHAVE_LIBINTL"] + [
    f'-D{name}="text"' for name in TEXTS]
FINDING = re.compile(r"^(?P<file>[^:\s]+):(?P<line>\d+):(?:\d+:)? (?:warning|error|portability|"
                     r"performance|style): (?P<text>.*) \[(?P<check>[^\]\[]+)\]$")
EXCUSE = re.compile(r"/\* lint (?P<check>[\w.,-]+): .+?\*/")


def sources():
    found = []
    for pattern in ("src/*/*.c", "pkcs11/*.c", "tools/*.c"):
        found += sorted(glob.glob(pattern))
    return found


def flags():
    cflags = subprocess.run(["pkg-config", "--cflags"] + PACKAGES, check=True, text=True,
                            stdout=subprocess.PIPE).stdout.split()
    return ["-std=c17"] + DEFINES + ["-Isrc", "-I."] + cflags


def commands(tool, files):
    """One a batch of files."""
    if tool == "gcc":
        for name in files:
            yield ["gcc", "-fanalyzer", "-O1", "-c", "-o", "/dev/null"] + flags() + [name]
    elif tool == "clang-tidy":
        for i in range(0, len(files), 4):
            yield ["clang-tidy-14", "--quiet"] + files[i:i + 4] + ["--"] + flags()
    else:
        yield ["cppcheck", "-q", "--enable=warning,performance,portability", "--std=c11",
               "--suppress=missingIncludeSystem", "--template={file}:{line}: {severity}: {message}"
               " [{id}]", "-Isrc", "-I."] + DEFINES + files


def whose(check):
    if check.startswith("-W"):
        return "gcc"
    return "clang-tidy" if "-" in check else "cppcheck"


def findings(tool, files):
    """Each once: a header is seen with every file that includes it."""
    found = {}
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for done in pool.map(lambda c: subprocess.run(c, text=True, stdout=subprocess.PIPE,
                                                      stderr=subprocess.STDOUT),
                             commands(tool, files)):
            told = 0
            for line in done.stdout.splitlines():
                match = FINDING.match(line)
                if match:
                    told += 1
                    name = os.path.relpath(match["file"], TOP)
                    # "[CWE-401] [-Wanalyzer-…]", "[misc-x,-warnings-as-errors]"
                    check = match["check"].split(",")[0]
                    found[(name, int(match["line"]), check)] = match["text"]
            if done.returncode and not told:
                found[(" ".join(done.args[:1]), 0, "failed")] = done.stdout
    return found


def excuses(tool, files):
    """By file, line and check."""
    found = set()
    for name in files + sorted(glob.glob("src/*/*.h") + glob.glob("pkcs11/*.h")):
        with open(name, encoding="utf-8") as text:
            for number, line in enumerate(text, 1):
                for match in EXCUSE.finditer(line):
                    if whose(match["check"]) == tool:
                        found.add((name, number, match["check"]))
    return found


def main():
    tool = sys.argv[1]
    os.chdir(TOP)
    os.environ["LC_ALL"] = "C"
    files = sources()
    allowed = excuses(tool, files)
    used = set()
    failed = 0
    for (name, line, check), text in sorted(findings(tool, files).items()):
        here = {(name, line, check), (name, line - 1, check)} & allowed
        used |= here
        if not here:
            failed += 1
            print(f"{name}:{line}: {text} [{check}]")
    for name, line, check in sorted(allowed - used):
        failed += 1
        print(f"{name}:{line}: nothing needs this excuse any more [{check}]")
    print(f"{len(files) if not failed else 0} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
