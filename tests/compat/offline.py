"""What emu says of a data directory that no daemon has open."""
import json
import subprocess

from daemon import EMU


def verify(data):
    """emu verify --json: its exit status and its document."""
    done = subprocess.run([EMU, "verify", "--json", "--data", str(data)], capture_output=True, text=True, timeout=600)
    if not done.stdout:
        raise AssertionError(f"emu verify: {done.stderr}")
    return done.returncode, json.loads(done.stdout)


def verified(data):
    """The document, of a directory that must be sound."""
    status, document = verify(data)
    if status != 0 or not document["sound"]:
        raise AssertionError(f"emu verify found {document['found']} defects: {document['defects'][:5]}")
    return document
