"""An officer at LibreOffice: opens forms, types into their cells, saves them. Needs Debian's uno.

Run by the system's Python with a folder for the profile; the work is JSON on stdin: a list of
``{"source": path, "target": path, "cells": {sheet: {address: number or text}}}``. Says on stdout,
as JSON, what could not be typed: ``[[target, sheet, address], …]``.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import uno  # type: ignore[import-not-found]
from com.sun.star.beans import PropertyValue  # type: ignore[import-not-found]
from com.sun.star.connection import NoConnectException  # type: ignore[import-not-found]

_PIPE = "jusou-officer-{}"
_XLSX = "Calc MS Excel 2007 XML"


def main(profile: Path) -> None:
    pipe = _PIPE.format(abs(hash(profile)))
    command = ["soffice", f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore"]
    command.append(f"--accept=pipe,name={pipe};urp;")
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as office:
        desktop = _connect(pipe, office)
        try:
            refused = [each for job in json.load(sys.stdin) for each in _work(desktop, job)]
        finally:
            desktop.terminate()
        json.dump(refused, sys.stdout)


def _connect(pipe: str, office: subprocess.Popen[bytes]) -> Any:
    """Wait until the office answers."""
    context = uno.getComponentContext()
    services = context.ServiceManager
    resolver = services.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", context)
    while True:
        try:
            remote = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except NoConnectException:
            try:
                raise SystemExit(f"soffice ended: {office.wait(0.1)}")
            except subprocess.TimeoutExpired:
                continue
        return remote.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", remote)


def _work(desktop: Any, job: dict[str, Any]) -> list[list[str]]:
    hidden = [PropertyValue("Hidden", 0, True, 0)]
    document = desktop.loadComponentFromURL(_url(job["source"]), "_blank", 0, hidden)
    refused = []
    for name, cells in job["cells"].items():
        sheet = document.Sheets.getByName(name)
        for address, value in cells.items():
            if not _type(sheet.getCellRangeByName(address), value):
                refused.append([job["target"], name, address])
    document.storeToURL(_url(job["target"]), [PropertyValue("FilterName", 0, _XLSX, 0)])
    document.close(True)
    return refused


def _type(cell: Any, value: float | str) -> bool:
    """Type into a cell; False when it is locked on a protected sheet."""
    if cell.Spreadsheet.isProtected() and cell.CellProtection.IsLocked:
        return False
    if isinstance(value, str):
        cell.setString(value)
    else:
        cell.setValue(value)
    return True


def _url(path: str) -> str:
    return str(uno.systemPathToFileUrl(path))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
