"""RFC 9180, appendix A.1.1: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-128-GCM, base mode, sequence number 0."""

import recover
from cryptography.exceptions import InvalidTag

private = recover.X25519PrivateKey.from_private_bytes(
    bytes.fromhex("4612c550263fc8ad58375df3f557aac531d26850903e55a9f23f21d8534e8ac8")
)
enc = bytes.fromhex("37fda3567bdbd628e88668c3c8d7e97d1d1253b6d4ea6d44c150f741f1bf4431")
info = bytes.fromhex("4f6465206f6e2061204772656369616e2055726e")
sealed = bytes.fromhex("f938558b5d72f1a23810b4be2ab4f84331acc02fc97babc53a52ae8218a355a96d8770ac83d07bea87e13c512a")

plain = recover.hpke_open(private, enc, info, b"Count-0", sealed, recover.AEAD_AES128)
assert plain == b"Beauty is truth, truth beauty", plain
try:
    recover.hpke_open(private, enc, info, b"Count-1", sealed, recover.AEAD_AES128)
    raise SystemExit("opened with other associated data")
except InvalidTag:
    pass
