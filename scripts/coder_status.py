"""Sentences that teach an event's status (what/stance.py): the word files' examples, and frames around their acts.

Marked events are one in eight of the annotated articles, too few to learn each cue from. Every example of a trigger gives a
sentence whose act is known; put behind a cue («من المقرر أن», «طالب … ب», «نفت … أن») it is future, hypothetical or negated,
and beside a cue that governs something else it stays actual.
"""

from __future__ import annotations

import functools
import random

import msgspec
import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier

from waqai import says, text, verbs, words
from waqai.what import features as F
from waqai.what.candidates import REDUCTIONS, find_candidates
from waqai.what.decide import ACT, Reader
from waqai.what.links import STATUSES
from waqai.what.triggers import Triggers, build

# {v} the imperfect, {p} the perfect, {n} the noun, each with the rest of the example.
VERB_FRAMES = {
    "future": (
        "س{v}", "سوف {v}", "من المقرر أن {v}", "قال المتحدث إن من المتوقع أن {v}", "وأعلن المكتب أنه من المنتظر أن {v}", "ومن المرتقب أن {v}",
        "وأضاف أن الحكومة قررت أن {v}", "قال إنه س{v}", "وأكد الناطق أنه سوف {v}",
    ),
    "hypothetical": (
        "قد {v}", "يمكن أن {v}", "إذا {p}", "طالب النواب بأن {v}", "دعا الحزب إلى أن {v}", "حذر الخبراء من أن {v}", "ربما {v}",
        "يجري البحث لتحديد ما إذا {p}", "من المحتمل أن {v}", "في حال {p}", "يجب أن {v}", "لو {p}", "ويخشى السكان أن {v}", "على الحكومة أن {v}",
        "سأل الصحفي عما إذا كان قد {p}", "ورجح المحللون أن {v}", "تأمل المنظمة أن {v}",
    ),
    "negated": (
        "لم {v}", "لن {v}", "لا {v}", "نفى المتحدث أن {v}", "قال الوزير إنه لم {v}", "وأكد أنه لن {v}", "من دون أن {v}", "نفت الشركة ما ذكر من أنه {p}",
        "لم يحدث أن {p}",
    ),
    "actual": (
        "قال الوزير إن الحكومة لم تتأخر بعد أن {p}", "وقد {p}", "لقد {p}", "كان قد {p}", "دعا إلى الهدوء بعدما {p}", "طالب بالتحقيق بعد أن {p}",
        "نفى الاتهامات وقال إنه {p}", "لا يزال الأمر غامضا منذ {p}", "قال إن السكان لا يخرجون ليلا حيث {p}", "رغم الدعوات إلى الحوار {p}",
        "من المقرر أن يبت القاضي في الأمر بعدما {p}", "وأعلن الناطق أنه {p}", "إذا صح الخبر، أكد الناطق أنه {p}",
    ),
}  # fmt: skip
NOUN_FRAMES = {
    "future": (
        "تعتزم الحكومة {n}", "من المقرر {n}", "يستعد الجانبان ل{n}", "أعلن المكتب عزمه {n}", "من المنتظر إجراء {n}", "يعتزم الوزير بعد أيام {n}",
        "وينوي الحزب {n}", "سيتم {n}", "ستبدأ الأسبوع المقبل {n}", "وستشهد المدينة {n}", "أعلنت خطة تقضي ب{n}",
    ),
    "hypothetical": (
        "طالب النواب الحكومة ب{n}", "دعت أحزاب عدة السلطات إلى {n}", "هدد الزعيم خصومه ب{n}", "حذر الخبراء السلطات من {n}", "من أجل {n}",
        "تحدث عن احتمال {n}", "تزداد المخاوف من {n}", "حاول الجنود {n}", "يدرس المجلس {n}", "اقترح النائب {n}", "في حال {n}", "أكد ضرورة {n}",
        "هناك دعوات من سياسيين ل{n}", "قبل المهلة المحددة ل{n}", "رفض دعوات بعض المسؤولين ل{n}", "وحث مجلس الأمن الأطراف على {n}",
        "كان يخطط ل{n}", "أحبطت الشرطة مخططا ل{n}", "يملك الرئيس الحق في {n}", "أمر القاضي الشرطة ب{n}", "أعرب عن أمله في {n}", "خشية {n}",
        "تحسبا ل{n}", "يسعى الوسطاء إلى {n}", "وطلبت النيابة {n}", "ما لم يتم {n}", "قرارا يطالب ب{n}", "للضغط من أجل {n}", "لا نستبعد {n}",
    ),
    "negated": (
        "نفت الوزارة {n}", "أكد الناطق عدم {n}", "انسحب الوفد دون {n}", "فشل الطرفان في {n}", "لم يتم {n}", "نفى المتحدث صحة الأنباء عن {n}",
        "لا صحة ل{n}", "امتنع الحاكم عن {n}", "من دون {n}", "لم يجر {n}", "وصفت الحكومة {n} بالكذب", "ألغيت {n}", "ليس هناك {n}",
    ),
    "actual": (
        "ندد بالقرار بعد {n}", "قال إن الوزارة لم تعلق على {n}", "رفض الوزير التعليق على {n}", "طالب بتعويض بسبب {n}", "أعلن المكتب {n}",
        "تحدث الشهود عن {n}", "دعا إلى الحوار عقب {n}", "لم يعلق أحد منذ {n}", "وقد تم {n}", "قتل ثلاثة أشخاص في {n}", "من المقرر أن يعود بعد {n}",
        "حذر من الشائعات خلال {n}", "وطالبت العائلات بالعدالة إثر {n}", "لا تزال المدينة هادئة رغم {n}", "نفى علمه بمن يقف وراء {n}",
        "دعا المجلس إلى جلسة لبحث {n}", "وأسفر {n} عن أضرار", "ستنظر المحكمة في الطعن بعد {n}", "أدى {n} إلى خسائر",
    ),
}  # fmt: skip
_SHARE = {"future": 0.35, "hypothetical": 0.6, "negated": 0.3, "actual": 0.5}
_EVERY = 0.45


PARAMS = dict(max_iter=60, learning_rate=0.07, max_leaf_nodes=10, min_samples_leaf=15, l2_regularization=2.0, max_depth=5, max_features=0.5)
RARE, PLAIN, MARKED, MADE = 1.5, 0.5, 1.0, 0.15
"""Weights beside an annotated actual event's 1: an annotated marked one; an example told as done, a marked one, one in a frame."""


class Row(msgspec.Struct):
    """One sentence: what status_row needs of it, and the answer. `made`: put together from a frame."""

    sentences: list
    said: object
    candidate: object
    acts: list
    stems: list
    status: str
    made: bool = False


class _Reading:
    """As much of a Reading as Reader.status_row looks at."""

    def __init__(self, row, candidates):
        self.sentences, self.said, self.published = row.sentences, [row.said], None
        self.scene = msgspec.defstruct("Scene", ["stems", "candidates"])([row.stems], [candidates])


def imperfect(entry, norm):
    """The imperfect of a perfect form in the same person, or None."""
    if not (entry.root and entry.pattern):
        return None
    table = verbs.table(entry.root, entry.pattern)
    slots = [s for s in table.get(norm, ()) if s.tense == "past" and not s.passive and s.person in ("3ms", "3fs")]
    if not slots:
        return None
    return next((f for f, ss in table.items() for s in ss if s.tense == "present" and not s.passive and s.person == slots[0].person), None)


class Examples:
    """The sentences, read once; `rows` gives them as training rows of one model."""

    def __init__(self, seed=0):
        source = words.Words.load()
        self.triggers = Triggers(build(words.Words.load()))  # build drops the examples of what it is given
        self.conditions = Reader(self.triggers, None).conditions
        self.speech = says.Speech(says.build(source))
        self.random = random.Random(seed)
        self.found = []
        for entry in source.triggers:
            for x in entry.example:
                if x.type != "none":
                    at = x.text.find(x.word) if x.word else self._first(x.text, entry.type)
                    self._add(x.text, at, x.type or entry.type, x.status or entry.status or "actual", False)
                    if (x.status or entry.status or "actual") == "actual" and x.type is None:
                        self._frames(entry, x.text, at)
        for cue in source.cues:
            for x in cue.example:
                self._cue(x)

    def _first(self, sentence_text, kind):
        """The offset of the first word read as the type, where an example does not say which it is."""
        sentences, candidates = self._read(sentence_text)
        return next((s.tokens[c.token].start for s, cs in zip(sentences, candidates) for c in cs if c.type == kind), 0)

    def _read(self, sentence_text):
        sentences = text.sentences(sentence_text, [], None)
        return sentences, [find_candidates(s, self.triggers, self.conditions, {}) for s in sentences]

    def _keep(self, sentences, candidates, i, c, status, made):
        said = self.speech.find(sentences, [[] for _ in sentences])[i]
        acts = [k.token for k in candidates[i] if k.prior > ACT]
        row = Row([sentences[i]], said, c, acts, F.stems_of(sentences[i]), status, made)
        self.found.append((row, candidates[i]))

    def _add(self, sentence_text, at, kind, status, made):
        sentences, candidates = self._read(sentence_text)
        for i, s in enumerate(sentences):
            for c in candidates[i]:
                t = s.tokens[c.token]
                if t.start <= at < t.end:
                    wanted = REDUCTIONS.get(kind, kind) if made and status == "future" else kind
                    if c.type == wanted:
                        self._keep(sentences, candidates, i, c, status, made)
                        return

    def _cue(self, x):
        sentences, candidates = self._read(x.text)
        end = x.text.find(x.word) + len(x.word) if x.word else 0
        for i, s in enumerate(sentences):
            after = [c for c in candidates[i] if s.tokens[c.token].start >= end - 1] or candidates[i]
            if after:
                c = max(after, key=lambda c: (c.prior >= ACT, -c.token, c.prior))
                self._keep(sentences, candidates, i, c, x.status or "actual", False)
                return

    def _frames(self, entry, sentence_text, at):
        toks = text.tokens(sentence_text)
        tok = next((t for t in toks if t.start <= at < t.end), None)
        if tok is None:
            return
        rest = sentence_text[tok.end :].rstrip(" .؟!")
        form = imperfect(entry, tok.norm)
        if form is not None and toks[0] is tok:
            self._fill(VERB_FRAMES, entry, {"v": form + rest, "p": sentence_text[tok.start : tok.end] + rest})
        elif tok.norm in {text.fold(n) for n in entry.noun}:
            self._fill(NOUN_FRAMES, entry, {"n": sentence_text[tok.start : tok.end] + rest})

    def _fill(self, frames, entry, parts):
        for status, all_frames in frames.items():
            if self.random.random() < _SHARE[status] * _EVERY * 2:
                frame = self.random.choice(all_frames)
                head = frame[: frame.index("{")]
                made = frame.format(**parts) + "."
                self._add(made, len(head) - (1 if head.endswith((" ب", " ل")) or head == "س" or head.endswith(" س") else 0), entry.type, status, True)

    def rows(self, reader):
        """Return the rows and statuses (indices of STATUSES) for a reader's model."""
        out, ys, made = [], [], []
        for row, candidates in self.found:
            out.append(reader.status_row(_Reading(row, candidates), 0, row.candidate, None))
            ys.append(STATUSES.index(row.status))
            made.append(row.made)
        return out, ys, made


@functools.lru_cache(maxsize=1)
def examples():
    """The sentences, read once a process."""
    return Examples()


def fit_status(reader, rows, ys):
    """The ensemble of a model's annotated events and the sentences here."""
    more, answers, made = examples().rows(reader)
    weights = [RARE if y else 1.0 for y in ys] + [MADE if m else MARKED if y else PLAIN for y, m in zip(answers, made)]
    model = HistGradientBoostingClassifier(early_stopping=False, random_state=0, **PARAMS)
    return model.fit(np.array(rows + more, dtype=np.float32), np.array(ys + answers), np.array(weights))
