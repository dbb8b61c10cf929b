"""Archives for tests and benchmarks: the sample pages that ship, varied; pages in other languages; what crawls hold besides."""

from __future__ import annotations

import gzip
import random
from collections.abc import Iterator
from importlib import resources
from io import BytesIO
from zlib import crc32

from waqai.intake.encoding import decode

SAMPLES = ("gulf_visit.html", "levant_protest.html", "maghreb_agreement.html", "mashreq_cabinet.html")
_OTHERS = {
    "en": "The minister said on Monday that talks between the two sides would go on until an agreement is reached",
    "fr": "Le ministre a déclaré lundi que les négociations entre les deux parties se poursuivraient jusqu'à la signature",
    "ru": "Министр заявил в понедельник, что переговоры между сторонами продолжатся до подписания соглашения",
    "fa": "وزیر امور خارجه گفت که گفتگوهای دو کشور تا امضای توافق ادامه می‌یابد و این دیدار گامی برای همکاری بیشتر است",
    "ur": "وزیر خارجہ نے کہا کہ دونوں ملکوں کے درمیان بات چیت معاہدے پر دستخط تک جاری رہے گی اور یہ ملاقات اہم ہے",
    "zh": "外交部长周一表示双方的会谈将继续进行直到达成协议为止并感谢各方的努力",
}
_SCRIPT = "<script>(function(w,d){var s=d.createElement('script');s.async=1;d.head.appendChild(s)})(window,document);</script>"
_STYLE = ".a{margin:0 auto;padding:4px 8px}.b:hover{color:#0a58ca;text-decoration:underline}@media(max-width:768px){.c{display:none}}"


def sample(name: str) -> str:
    """A sample page that ships."""
    return decode((resources.files("waqai") / "samples" / name).read_bytes())


def arabic(mix: random.Random, number: int, weight: int = 1) -> str:
    """A sample page with other days and numbers, paragraphs in another order, and `weight` times 15 kB of a site's furniture."""
    page = sample(mix.choice(SAMPLES))
    for day in range(1, 29):
        page = page.replace(f" {day} نوفمبر", f" {mix.randrange(1, 29)} نوفمبر")
    head, _, rest = page.partition("<p>")
    parts = rest.split("<p>")
    end = parts.pop()
    mix.shuffle(parts)
    parts = parts[: max(3, len(parts) - mix.randrange(3))]
    parts.append(f"وقال المتحدث إن اللجنة ستجتمع {mix.randrange(3, 90)} مرة قبل نهاية العام، وفق البيان رقم {number}.</p>\n")
    body = head + "<p>" + "<p>".join([*parts, end])
    return _dressed(body, mix, weight)


def other(mix: random.Random, language: str, weight: int = 1) -> str:
    """A page in another language."""
    line = _OTHERS[language]
    body = "".join(f"<p>{line} {mix.randrange(10_000)}.</p>\n" for _ in range(mix.randrange(8, 40)))
    page = f'<!DOCTYPE html><html lang="{language}"><head><meta charset="utf-8"><title>{line[:40]}</title></head><body>{body}</body></html>'
    return _dressed(page, mix, weight)


def _dressed(page: str, mix: random.Random, weight: int) -> str:
    links = "".join(f'<li class="m{n}"><a href="/s/{mix.randrange(999)}">{n}</a></li>' for n in range(40 * weight))
    head = f"<style>{_STYLE * (20 * weight)}</style>{_SCRIPT * (30 * weight)}</head>"
    return page.replace("</head>", head, 1).replace("<body>", f"<body><nav><ul>{links}</ul></nav>", 1)


def record(url: str, body: bytes, *, kind: str = "text/html; charset=utf-8", status: str = "200 OK", more: str = "",
           length: int | None = None) -> bytes:  # fmt: skip
    """One response record; `length` is what its header says, where that is to be a lie."""
    http = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n{more}Content-Length: {len(body)}\r\n\r\n".encode() + body
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-{crc32(url.encode()):012}>\r\n"
        f"WARC-Target-URI: {url}\r\nWARC-Date: 2022-11-04T00:00:00Z\r\nContent-Type: application/http; msgtype=response\r\n"
        f"Content-Length: {len(http) if length is None else length}\r\n\r\n"
    )
    return head.encode() + http + b"\r\n\r\n"


def info() -> bytes:
    """The record that begins an archive."""
    body = b"software: generated\r\nformat: WARC File Format 1.0\r\n"
    return (b"WARC/1.0\r\nWARC-Type: warcinfo\r\nWARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-000000000000>\r\n"
            b"WARC-Date: 2022-11-04T00:00:00Z\r\nContent-Type: application/warc-fields\r\n"
            b"Content-Length: " + str(len(body)).encode() + b"\r\n\r\n" + body + b"\r\n\r\n")  # fmt: skip


def crawl(n: int, *, share: float = 0.05, seed: int = 1, weight: int = 1) -> Iterator[bytes]:
    """`n` records, a `share` of them Arabic articles, a tenth no pages at all."""
    mix = random.Random(seed)
    yield info()
    for i in range(n):
        url = f"https://news{mix.randrange(50)}.example/{2000 + seed}/{i}"
        dice = mix.random()
        if dice < share:
            text, code = arabic(mix, i, weight), "utf-8"
            if mix.random() < 0.05:
                text, code = text.replace("UTF-8", "windows-1256"), "cp1256"
            yield record(url, text.encode(code, errors="xmlcharrefreplace"), kind=f"text/html; charset={code}")
        elif dice < share + 0.1:
            yield record(url, mix.randbytes(2_000), kind=mix.choice(["image/jpeg", "application/pdf"]))
        else:
            yield record(url, other(mix, mix.choice(list(_OTHERS)), weight).encode())


def packed(records: Iterator[bytes], how: str = "gz") -> bytes:
    """The archive of `records`, a member each: "gz", "zst" or "plain"."""
    if how == "plain":
        return b"".join(records)
    if how == "gz":
        return b"".join(gzip.compress(r, 5, mtime=0) for r in records)
    from fastwarc.stream_io import ZstdWriter

    out = []
    for r in records:
        buffer = BytesIO()
        writer = ZstdWriter(buffer)
        writer.write(r)
        writer.close()
        out.append(buffer.getvalue())
    return b"".join(out)
