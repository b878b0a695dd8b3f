"""Opens ZIP containers with Python's zipfile and, where it is on the path, Info-ZIP's unzip; checks
what ISO/IEC 21320-1 asks for and that nothing in them changes from run to run."""

import pathlib
import shutil
import subprocess
import zipfile


def check_container(file: pathlib.Path) -> zipfile.ZipFile:
    package = zipfile.ZipFile(file)
    assert package.testzip() is None, file
    names = [member.filename for member in package.infolist()]
    assert len({name.lower() for name in names}) == len(names), names
    for member in package.infolist():
        assert member.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED), member
        # Neither encrypted nor patched, sizes before the content.
        assert member.flag_bits & ~0b1000_0000_0110 == 0, (member, member.flag_bits)
        assert member.extract_version <= 45 and member.volume == 0, member
        assert member.date_time == (1980, 1, 1, 0, 0, 0), member
        assert not member.comment and not member.filename.startswith("/"), member
    assert not package.comment
    if shutil.which("unzip"):
        told = subprocess.run(["unzip", "-tq", str(file)], capture_output=True, text=True)
        assert told.returncode == 0, told.stdout
    return package
