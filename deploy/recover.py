#!/usr/bin/env python3
"""Opens one object of a Tidemark repository without Tidemark.

    recover.py ROOT NAME --key FILE [--root HEX]                > OUT
    recover.py ROOT NAME --recovery-key FILE --root HEX     > OUT

ROOT is a copy of the cluster's root, the directory that holds tidemark.json; NAME is the object's name below it, such as
7710995161739907408/wal/00000001/0000000100000000/00000001000000000000000C. For an S3 repository copy the cluster's
prefix into a directory first.

Needs Python 3.11, its package `cryptography` (38 or later: Debian 12's python3-cryptography) and the command `zstd`.
Written from docs/FORMAT.md alone; the numbers of sections stand beside the code.

Every byte that reaches OUT has been authenticated, and memory is bounded whatever the size. Only at the end is it known
that all of it arrived and has the size and SHA-256 that were sealed with it: OUT IS GOOD ONLY IF THE EXIT CODE IS 0.

The content of a pack comes out as its chunks one behind the other, then its index (JSON lines, from the offset `index`
of the facts on); --facts writes an object's facts instead of its content. An encrypted recovery key asks for its
passphrase, unless --passphrase-file names a file whose first line it is.

Exit codes: 0 good; 2 usage; 4 damaged, forged, foreign, or not what it should be; 5 the key does not fit; 6 reading or
writing failed.
"""

import argparse
import base64
import binascii
import errno
import getpass
import hashlib
import hmac
import json
import os
import re
import shutil
import stat
import struct
import subprocess
import sys
import threading

try:
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives import cmac, serialization
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
    from cryptography.hazmat.primitives.ciphers.algorithms import AES
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
except ImportError:
    sys.exit("recover.py: needs the Python package 'cryptography' (Debian: python3-cryptography)")

USAGE, INTEGRITY, KEY, STORE = 2, 4, 5, 6


class Refused(Exception):
    """Ends the program: an exit code and what to tell."""

    def __init__(self, code, message):
        super().__init__(message)
        self.code = code


def note(message):
    print("recover.py: " + message, file=sys.stderr)


# ---- files below the root (section 7: no link is followed, no name leaves the root)

PART = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def open_below(root, name):
    """A descriptor of a regular file."""
    parts = name.split("/")
    directory = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
    try:
        for part in parts[:-1]:
            inner = os.open(part, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=directory)
            os.close(directory)
            directory = inner
        # O_NONBLOCK: a FIFO that somebody put there must not hold us up
        found = os.open(parts[-1], os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=directory)
    except OSError as e:
        if e.errno in (errno.ELOOP, errno.ENOTDIR, errno.ENXIO):
            raise Refused(INTEGRITY, f"{name} is no regular file, or lies behind a link") from None
        raise
    finally:
        os.close(directory)
    if not stat.S_ISREG(os.fstat(found).st_mode):
        os.close(found)
        raise Refused(INTEGRITY, f"{name} is no regular file")
    return found


def read_below(root, name, limit):
    descriptor = open_below(root, name)
    with os.fdopen(descriptor, "rb") as file:
        content = file.read(limit + 1)
    if len(content) > limit:
        raise Refused(INTEGRITY, f"{name} is longer than {limit} bytes")
    return content


def strict_json(content, what):
    """JSON with nothing twice and no number but integers."""

    def pairs(items):
        made = dict(items)
        if len(made) != len(items):
            raise ValueError("a field occurs twice")
        return made

    def refuse(text):
        raise ValueError("a number that is no integer")

    try:
        return json.loads(
            content.decode("utf-8"), object_pairs_hook=pairs, parse_float=refuse, parse_constant=refuse
        )
    except (ValueError, RecursionError):
        # the reason is not told: the text may be a keyset
        raise Refused(INTEGRITY, f"{what} is no strict JSON") from None


def field(record, name, kind, what):
    value = record.get(name) if isinstance(record, dict) else None
    if type(value) is not kind:
        raise Refused(INTEGRITY, f"{what} has no proper field '{name}'")
    return value


def hexadecimal(text, length):
    return re.fullmatch(r"[0-9a-f]{%d}" % length, text) is not None


def read_marker(root):
    """Section 1: the cluster's uuid."""
    try:
        marker = strict_json(read_below(root, "tidemark.json", 1 << 16), "tidemark.json")
    except FileNotFoundError:
        raise Refused(USAGE, f"{root} holds no tidemark.json: it is no root of a cluster") from None
    if field(marker, "format", int, "tidemark.json") != 1:
        raise Refused(INTEGRITY, f"tidemark.json is of format {marker['format']}, this program knows 1")
    cluster = field(marker, "cluster", str, "tidemark.json")
    if not re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", cluster):
        raise Refused(INTEGRITY, "tidemark.json names no cluster uuid")
    return cluster


# ---- derivations


def hkdf_extract(salt, secret):
    return hmac.digest(salt or bytes(32), secret, "sha256")


def hkdf_expand(key, info, length):
    output, block, counter = b"", b"", 1
    while len(output) < length:
        block = hmac.digest(key, block + info + bytes([counter]), "sha256")
        output += block
        counter += 1
    return output[:length]


def hkdf(secret, salt, info, length):
    return hkdf_expand(hkdf_extract(salt, secret), info, length)


def check_value(key):
    """Section 4: the first 5 bytes of AES-CMAC(key, 16 zero bytes)."""
    mac = cmac.CMAC(AES(key))
    mac.update(bytes(16))
    return mac.finalize()[:5].hex()


# ---- HPKE in base mode, RFC 9180: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-GCM

KEM_X25519, KDF_SHA256, AEAD_AES128, AEAD_AES256 = 0x0020, 0x0001, 0x0001, 0x0002


def raw_public(key):
    return key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)


def labeled_extract(suite, salt, label, secret):
    return hkdf_extract(salt, b"HPKE-v1" + suite + label + secret)


def labeled_expand(suite, key, label, info, length):
    return hkdf_expand(key, struct.pack(">H", length) + b"HPKE-v1" + suite + label + info, length)


def hpke_open(private, enc, info, aad, ciphertext, aead=AEAD_AES256):
    """Single-shot open. AES-128 is here for the RFC's own vector; the format uses AES-256."""
    suite = b"KEM" + struct.pack(">H", KEM_X25519)
    # exchange() raises ValueError on an all-zero result, as section 7.1.4 of the RFC asks
    shared = private.exchange(X25519PublicKey.from_public_bytes(enc))
    secret = labeled_expand(
        suite,
        labeled_extract(suite, b"", b"eae_prk", shared),
        b"shared_secret",
        enc + raw_public(private.public_key()),
        32,
    )
    suite = b"HPKE" + struct.pack(">HHH", KEM_X25519, KDF_SHA256, aead)
    context = (
        b"\x00"
        + labeled_extract(suite, b"", b"psk_id_hash", b"")
        + labeled_extract(suite, b"", b"info_hash", info)
    )
    scheduled = labeled_extract(suite, secret, b"secret", b"")
    key = labeled_expand(suite, scheduled, b"key", context, 16 if aead == AEAD_AES128 else 32)
    nonce = labeled_expand(suite, scheduled, b"base_nonce", context, 12)
    return AESGCM(key).decrypt(nonce, ciphertext, aad)


# ---- who opens the keyset (section 4)


class FileKey:
    """A key in a file: a key file's own, or one that was taken out of Vault or a KMIP server, as raw bytes or hex digits."""

    kind, kinds, how = "file", ("file", "vault", "kmip"), "aes-gcm"

    def __init__(self, path):
        with open(path, "rb") as file:
            content = file.read(1 << 16)
        if re.fullmatch(rb"[0-9A-Fa-f]{64}\n?", content):
            content = bytes.fromhex(content.decode("ascii"))
        if len(content) not in (16, 32):
            raise Refused(KEY, "the key file holds neither 32 (or 16) raw bytes nor 64 hex digits and an optional newline")
        self.key = content
        self.name = "check value " + check_value(content)

    def is_meant(self, key):
        return key.get("check") == check_value(self.key)

    def open(self, ciphertext, associated):
        if len(ciphertext) < 28:
            raise InvalidTag
        return AESGCM(self.key).decrypt(ciphertext[:12], ciphertext[12:], associated)


class RecoveryKey:
    kind, kinds, how = "recovery", ("recovery",), "hpke"

    def __init__(self, path, passphrase_file):
        with open(path, "rb") as file:
            pem = file.read(1 << 16)
        passphrase = None
        if b"ENCRYPTED" in pem and passphrase_file:
            with open(passphrase_file, "rb") as file:
                passphrase = file.readline(1 << 12).rstrip(b"\r\n")
        elif b"ENCRYPTED" in pem:
            passphrase = getpass.getpass("passphrase of the recovery key: ", sys.stderr).encode("utf-8")
        try:
            self.private = serialization.load_pem_private_key(pem, passphrase)
        except (ValueError, TypeError, binascii.Error):
            raise Refused(KEY, "the recovery key does not open: no PEM private key, or another passphrase") from None
        if not isinstance(self.private, X25519PrivateKey):
            raise Refused(KEY, "the recovery key is not of X25519")
        self.id = hashlib.sha256(raw_public(self.private.public_key())).digest()[:8].hex()
        self.name = "id " + self.id

    def is_meant(self, key):
        return key.get("id") == self.id

    def open(self, ciphertext, associated):
        if len(ciphertext) < 48:
            raise InvalidTag
        try:
            return hpke_open(self.private, ciphertext[:32], associated, b"", ciphertext[32:])
        except ValueError:
            raise InvalidTag from None


def open_generation(content, name, number, cluster, opener, root):
    """The keyset's keys in order, or None where no recipient is this key's."""
    what = f"keys/{name}"
    generation = strict_json(content, what)
    if field(generation, "format", int, what) != 1:
        raise Refused(INTEGRITY, f"{what} is of format {generation['format']}, this program knows 1")
    commitment = field(generation, "commitment", str, what)
    if field(generation, "generation", int, what) != number or field(generation, "cluster", str, what) != cluster:
        raise Refused(INTEGRITY, f"{what} says that it is another generation, or another cluster's")
    associated = f"tidemark:1:{cluster}:keys:{number:08d}:{commitment}".encode("utf-8")
    meant = False
    for recipient in field(generation, "recipients", list, what):
        if field(recipient, "kind", str, what) not in opener.kinds or field(recipient, "how", str, what) != opener.how:
            continue
        meant = meant or opener.is_meant(field(recipient, "key", dict, what))
        try:
            plain = opener.open(base64.b64decode(field(recipient, "ciphertext", str, what), validate=True), associated)
        except (InvalidTag, binascii.Error):
            continue
        if hashlib.sha256(plain).hexdigest() != commitment:
            raise Refused(INTEGRITY, f"{what} opens, but not to the keyset that it commits to")
        keys = read_keyset(plain, what)
        found = hkdf(keys[0], b"", f"tidemark:1:{cluster}:root".encode("utf-8"), 16).hex()
        if root == "unknown":
            note(f"WARNING: the root was not checked. This keyset's is {found}: it may be anybody's")
        elif root is not None and root != found:
            raise Refused(INTEGRITY, f"{what} opens, but its root is {found}, not {root}: it is not this cluster's")
        return keys
    if meant:
        raise Refused(INTEGRITY, f"{what} has a recipient for this key ({opener.name}) that does not open: damaged")
    return None


def open_keyset(root_directory, cluster, opener, root):
    """Section 4: the highest generation that this key opens and whose commitment and root match."""
    try:
        names = os.listdir(os.path.join(root_directory, "keys"))
    except FileNotFoundError:
        names = []
    names = sorted((name for name in names if re.fullmatch(r"[0-9]{8}\.json", name)), reverse=True)
    if not names:
        raise Refused(INTEGRITY, "there is no keyset: keys/ is empty or missing")
    refusals = []
    for name in names:
        try:
            content = read_below(root_directory, f"keys/{name}", 8 << 20)
            keys = open_generation(content, name, int(name[:8]), cluster, opener, root)
        except Refused as e:
            refusals.append(str(e))
            note(f"generation passed over: {e}")
            continue
        if keys:
            return keys
    if refusals:
        raise Refused(INTEGRITY, f"no generation of the keyset can be used: {refusals[0]}")
    raise Refused(KEY, f"this {opener.kind} key ({opener.name}) is no recipient of any of {len(names)} generations")


def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at


def protobuf(data):
    """The fields of a message whose fields are all integers or bytes, each at most once."""
    fields, at = {}, 0
    while at < len(data):
        tag, at = varint(data, at)
        value, at = varint(data, at)
        if tag & 7 == 2:
            length, value = value, data[at : at + value]
            at += length
        elif tag & 7 != 0:
            raise ValueError
        if tag >> 3 in fields or at > len(data):
            raise ValueError
        fields[tag >> 3] = value
    return fields


def read_keyset(plain, what):
    """Section 4: Tink's JSON form, refused unless each key has the parameters of section 2."""
    keyset = strict_json(plain, f"the keyset of {what}")
    keys, ids = [], []
    for key in field(keyset, "key", list, "the keyset"):
        data = field(key, "keyData", dict, "a key")
        try:
            message = protobuf(base64.b64decode(field(data, "value", str, "a key"), validate=True))
            parameters = protobuf(message.get(2, b""))
        except (ValueError, IndexError, TypeError, binascii.Error):
            raise Refused(INTEGRITY, "a key of the keyset is no Tink key") from None
        if (
            field(data, "typeUrl", str, "a key") != "type.googleapis.com/google.crypto.tink.AesGcmHkdfStreamingKey"
            or field(data, "keyMaterialType", str, "a key") != "SYMMETRIC"
            or field(key, "outputPrefixType", str, "a key") != "RAW"
            or field(key, "status", str, "a key") != "ENABLED"
            or message.get(1, 0) != 0
            or parameters != {1: 65536, 2: 32, 3: 3}
            or not isinstance(message.get(3), bytes)
            or len(message[3]) != 32
        ):
            raise Refused(INTEGRITY, "a key of the keyset has not the parameters of the format")
        keys.append(message[3])
        ids.append(field(key, "keyId", int, "a key"))
    if len(set(ids)) != len(ids) or ids.count(field(keyset, "primaryKeyId", int, "the keyset")) != 1:
        raise Refused(INTEGRITY, "the keyset has not one primary key")
    return keys


# ---- sealing (section 2)

HEADER, SEGMENT, TAG = 40, 65536, 16


class SealedObject:
    """Opens the segments of one object in any order; finds its key by the first one."""

    def __init__(self, descriptor, name, cluster, keys):
        self.descriptor, self.name = descriptor, name
        self.length = os.fstat(descriptor).st_size
        header = os.pread(descriptor, HEADER, 0)
        if self.length < HEADER + TAG or header[0] != HEADER:
            raise Refused(INTEGRITY, f"{name} is no sealed object")
        self.segments = -(-self.length // SEGMENT)
        self.nonce_prefix = header[33:40]
        associated = f"tidemark:1:{cluster}:{name}".encode("utf-8")
        for key in reversed(keys):
            self.cipher = AESGCM(hkdf(key, header[1:33], associated, 32))
            try:
                self.segment(0)
                return
            except InvalidTag:
                pass
        raise Refused(
            INTEGRITY,
            f"{name} is foreign: it opens under none of {len(keys)} keys (damaged, forged, renamed or another "
            f"cluster's). HINT: look for {name}.again.*",
        )

    def segment(self, number):
        """The plain bytes of a segment, or InvalidTag."""
        start = number * SEGMENT if number else HEADER
        end = min((number + 1) * SEGMENT, self.length)
        sealed = os.pread(self.descriptor, end - start, start)
        last = 1 if number == self.segments - 1 else 0
        if len(sealed) != end - start or len(sealed) < TAG:
            raise InvalidTag
        return self.cipher.decrypt(self.nonce_prefix + struct.pack(">IB", number, last), sealed, None)

    def plain_length(self):
        return self.length - HEADER - self.segments * TAG

    def read(self, start, end):
        """The plain bytes of a range, a segment at a time."""
        number = (start + HEADER) // (SEGMENT - TAG)
        while start < end:
            first = number * (SEGMENT - TAG) - HEADER if number else 0
            try:
                plain = self.segment(number)
            except InvalidTag:
                raise Refused(INTEGRITY, f"{self.name} does not open from sealed segment {number} on") from None
            piece = plain[start - first : end - first]
            if not piece:
                raise Refused(INTEGRITY, f"{self.name} changed while it was read")
            yield piece
            start += len(piece)
            number += 1


# ---- content (section 3)

FACTS_MAGIC, FOOTER_MAGIC, MAX_FACTS = 0x184D2A54, 0x184D2A55, 1 << 20


def read_facts(sealed):
    """The facts, and where the Zstandard frames before them end. Reads the last segment, and so sees a cut."""
    length = sealed.plain_length()
    if length < 24:
        raise Refused(INTEGRITY, f"{sealed.name} has no facts")
    magic, size, mark, facts_length = struct.unpack("<II4sI", b"".join(sealed.read(length - 16, length)))
    if (magic, size, mark) != (FOOTER_MAGIC, 8, b"TDMK"):
        raise Refused(INTEGRITY, f"{sealed.name} has no footer")
    frames = length - 16 - facts_length - 8
    if facts_length > MAX_FACTS or frames < 0:
        raise Refused(INTEGRITY, f"{sealed.name} has facts of {facts_length} bytes")
    frame = b"".join(sealed.read(frames, length - 16))
    if struct.unpack("<II", frame[:8]) != (FACTS_MAGIC, facts_length):
        raise Refused(INTEGRITY, f"{sealed.name} has no facts where its footer says")
    what = f"the facts of {sealed.name}"
    facts = strict_json(frame[8:], what)
    if field(facts, "format", int, what) != 1:
        raise Refused(INTEGRITY, f"{sealed.name} has format {facts['format']}, this program knows 1")
    field(facts, "kind", str, what)
    if field(facts, "size", int, what) < 0 or not hexadecimal(field(facts, "sha256", str, what), 64):
        raise Refused(INTEGRITY, f"{what} name no size or no SHA-256")
    return facts, frame[8:], frames


def write_all(content):
    view = memoryview(content)
    while view:
        view = view[os.write(1, view) :]


def write_file(sealed, facts, frames):
    """Expands the frames into standard output and holds the result against the facts."""
    # the format's largest window is 8 MiB: a frame that wants more memory is refused by zstd
    zstd = subprocess.Popen(
        ["zstd", "-d", "-c", "-q", "--no-progress", "--memory=8388608"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    failures = []

    def feed():
        try:
            for piece in sealed.read(0, frames):
                zstd.stdin.write(piece)
            zstd.stdin.close()
        except BrokenPipeError:
            pass  # zstd gave up: it says why
        except Exception as e:  # told by the main thread, after zstd was stopped so that it ends no frame early
            failures.append(e)
            zstd.kill()

    feeder = threading.Thread(target=feed, daemon=True)
    feeder.start()
    size, digest = 0, hashlib.sha256()
    try:
        while piece := zstd.stdout.read(1 << 16):
            size += len(piece)
            if size > facts["size"]:
                raise Refused(INTEGRITY, f"{sealed.name} expands to more than the {facts['size']} bytes of its facts")
            digest.update(piece)
            write_all(piece)
        feeder.join()
        said = zstd.stderr.read(2000).decode("utf-8", "replace").strip()
        zstd.wait()
    finally:
        zstd.kill()
    if failures:
        raise failures[0]
    if zstd.returncode != 0:
        raise Refused(INTEGRITY, f"{sealed.name} does not expand: {said or zstd.returncode}")
    if size != facts["size"] or digest.hexdigest() != facts["sha256"]:
        raise Refused(
            INTEGRITY,
            f"{sealed.name} is {size} bytes of SHA-256 {digest.hexdigest()}, its facts say {facts['size']} bytes of "
            f"{facts['sha256']}",
        )


# ---- the command


def arguments(words):
    parser = argparse.ArgumentParser(
        prog="recover.py",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        usage="recover.py ROOT NAME (--key FILE | --recovery-key FILE --root HEX) [--facts] > OUT",
    )
    parser.add_argument("root_directory", metavar="ROOT")
    parser.add_argument("name", metavar="NAME")
    opener = parser.add_mutually_exclusive_group(required=True)
    opener.add_argument("--key", metavar="FILE", help="the key file of a recipient of kind file")
    opener.add_argument("--recovery-key", metavar="FILE", help="the private recovery key, X25519 in PEM")
    parser.add_argument("--passphrase-file", metavar="FILE", help="its first line is the recovery key's passphrase")
    parser.add_argument("--root", metavar="HEX", help="the root from the recovery sheet; 'unknown' accepts any, loudly")
    parser.add_argument("--facts", action="store_true", help="write the object's facts instead of its content")
    parsed = parser.parse_args(words)
    if parsed.recovery_key and not parsed.root:
        parser.error("--recovery-key needs --root: anybody can encrypt to a recovery key, the root tells whose it is")
    if parsed.root and parsed.root != "unknown":
        parsed.root = parsed.root.lower()
        if not hexadecimal(parsed.root, 32):
            parser.error("--root is 32 hex digits, or 'unknown'")
    if not all(PART.fullmatch(part) for part in parsed.name.split("/")):
        parser.error("NAME is relative to the root: parts of letters, digits, '.', '_' and '-' between slashes")
    if parsed.name == "tidemark.json" or parsed.name.startswith("keys/"):
        parser.error(f"{parsed.name} is not sealed: read it as it is")
    if sys.stdout.isatty():
        parser.error("OUT is a terminal: write to a file")
    if not shutil.which("zstd"):
        parser.error("the command 'zstd' is not installed")
    return parsed


def recover(options):
    if options.key:
        opener = FileKey(options.key)
    else:
        opener = RecoveryKey(options.recovery_key, options.passphrase_file)
    cluster = read_marker(options.root_directory)
    keys = open_keyset(options.root_directory, cluster, opener, options.root)
    descriptor = open_below(options.root_directory, options.name)
    sealed = SealedObject(descriptor, options.name, cluster, keys)
    facts, text, frames = read_facts(sealed)
    if options.facts:
        write_all(text + b"\n")
    else:
        write_file(sealed, facts, frames)
    # a full disk may only be seen when the descriptor is closed
    os.close(1)
    note(f"{options.name}: {facts['kind']}, {facts['size']} bytes, SHA-256 {facts['sha256']}: good")


def main(words):
    options = arguments(words)
    try:
        recover(options)
    except Refused as e:
        note(f"{e}. Whatever OUT holds is NOT GOOD")
        return e.code
    except OSError as e:
        note(f"{e}. Whatever OUT holds is NOT GOOD")
        return STORE
    except KeyboardInterrupt:
        note("interrupted. Whatever OUT holds is NOT GOOD")
        return STORE
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
