"""Formulas become MathML without styles, in short texts as in pages."""

import re
import threading

import pytest

from course import markup
from course.content import questions
from course.content.hosts import Hosts
from course.markup import formulas
from course.markup.formulas import FormulaError


@pytest.mark.parametrize(
    ("tex", "line"),
    [
        ("a^2 + b^2 = c^2", "a² + b² = c²"),
        (r"\frac{1}{2}", "1/2"),
        (r"\frac{a+b}{2}", "(a+b)/2"),
        (r"\sqrt{x+1}", "√(x + 1)"),
        ("x_{max}", "x_max"),
        (r"a \le b", "a ≤ b"),
    ],
)
def test_a_formula_is_said_in_one_line(tex: str, line: str) -> None:
    assert formulas.line(tex) == line


@pytest.mark.parametrize(
    ("tex", "part"),
    [
        (r"\begin{aligned} a &= b \end{aligned}", 'class="math-right math-close-right"'),
        (r"\begin{array}{l|c} a & b\\ \hline c & d\end{array}", "math-line-right"),
        (r"\begin{cases} 1 & x>0 \\ 0 & x<0 \end{cases}", "math-apart"),
        (r"\textcolor{red}{x}", 'mathcolor="#FF0000"'),
        (r"\overline{ab}", 'class="math-line-top"'),
        (r"\boxed{x}", 'class="math-box"'),
        (r"\hspace{1cm} x", "<mspace width="),
    ],
)
def test_what_the_converter_says_in_styles_is_said_by_classes(tex: str, part: str) -> None:
    html = formulas.mathml(tex, display=True)

    assert part in html
    assert " style=" not in html


@pytest.mark.parametrize(
    ("tex", "message"),
    [
        (r"\nosuch{x}", r'unknown command "\nosuch"'),
        (r"\frac{1", "end of input"),
        (r"\cancel{x}", "strikes something out"),
        (r"\newcommand{\x}{y} \x", r"defines a command with \newcommand"),
        ("  ", "a formula is empty"),
        ("x" * 2_001, "the limit is 2000"),
    ],
)
def test_what_cannot_be_drawn_is_refused_with_a_reason(tex: str, message: str) -> None:
    with pytest.raises(FormulaError) as caught:
        formulas.mathml(tex, display=False)

    assert message in str(caught.value)


@pytest.mark.parametrize("tex", ["{" * 1_000 + "}" * 1_000, r"\frac1" * 333, r"\left(" * 333])
def test_the_deepest_formula_fits_into_a_thread(tex: str) -> None:
    done: list[str] = []
    thread = threading.Thread(target=lambda: done.append(formulas.line(tex)))
    thread.start()
    thread.join()

    assert len(done) == 1


def test_short_texts_draw_formulas_but_not_in_code_or_prices() -> None:
    html = markup.prose(r"It is \(a<b\), `\(c\)`, \\(no), $5 and $6.")

    assert html.count("<math") == 1
    assert "<mo>&lt;</mo>" in html
    assert r"<code>\(c\)</code>" in html
    assert "$5 and $6." in html


def test_a_wrong_formula_in_a_short_text_is_shown_as_it_was_written() -> None:
    html = markup.prose(r"See \(\nosuch\).")

    assert r"\nosuch</code>" in html
    assert [fault.quoted for fault in markup.faults_of(r"See \(\nosuch\).", Hosts())] == [
        r"\nosuch"
    ]


MATH = re.compile(r"<math .*?</math>")


@pytest.mark.parametrize(
    ("text", "html"),
    [
        (r"Is it \(x\)?", "Is it <JOINED>FORMULA?</JOINED>"),
        (r"(\(x\)), then", "<JOINED>(FORMULA),</JOINED> then"),
        (r'The "\(x\)".', "The <JOINED>“FORMULA”.</JOINED>"),
        (
            r"The \(n\)-th **\(x\)**.",
            "The <JOINED>FORMULA-th</JOINED> <JOINED><strong>FORMULA</strong>.</JOINED>",
        ),
        (r"*\(x\) or \(y\)*.", "<em>FORMULA or FORMULA</em>."),
        (r"\(x\) and \(y\)", "FORMULA and FORMULA"),
    ],
)
def test_signs_beside_a_formula_are_joined_to_it(text: str, html: str) -> None:
    made = MATH.sub("FORMULA", markup.phrase(text)).replace(
        '<span class="math-joined">', "<JOINED>"
    )

    assert made.replace("</span>", "</JOINED>") == html


def test_signs_beside_a_formula_in_plain_words_are_joined_to_it() -> None:
    made = MATH.sub("FORMULA", markup.with_formulas(r"Tell \(x\) & (\(y\))."))

    assert made == 'Tell FORMULA &amp; <span class="math-joined">(FORMULA).</span>'


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        (r"So \(a^2 is it.", [r"the formula '\(a^2 is it.' is not closed"]),
        (r"Of \(a\) and \(b", [r"the formula '\(b' is not closed"]),
        ("- \\(a\n- b", [r"the formula '\(a' is not closed"]),
        ("\\[\na = b", [r"the formula '\[ a = b' is not closed"]),
        ("\\[\n\na = b\n\n\\]", [r"the formula '\[' is not closed"]),
        (r"\[ a^2 \].", ["the formula 'a^2' has other words on its lines"]),
        (r"`\(` and ``\[ a``", []),
        ("```\n\\(a\n```", []),
        ("    \\(a", []),
        (r"\\(a and \\[b", []),
        (r"\[sic] and \[sic\], then \[see](x.md)", []),
    ],
)
def test_what_is_meant_as_a_formula_and_is_none_is_told(text: str, messages: list[str]) -> None:
    assert [fault.message for fault in markup.faults_of(text, Hosts())] == messages


def test_markup_in_a_formula_stays_words() -> None:
    html = markup.prose(r"\(\text{<img src=x onerror=alert(1)>}\)")

    assert "<img" not in html
    assert "&lt;img" in html


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ('<iframe src="https://a.example/x"></iframe>', "the frame from a.example is not shown"),
        ("![x](https://a.example/x.png)", "the picture from a.example is not shown"),
        ("<video src='x.mp4'></video>", "a question shows no <video>"),
        ('<b onclick="x()">x</b>', "'onclick' does nothing"),
        ('<p style="color: red">x</p>', "the style 'color: red' has no effect"),
    ],
)
def test_what_a_question_would_leave_out_is_told(text: str, what: str) -> None:
    assert any(what in fault.message for fault in markup.faults_of(text, Hosts()))


def test_code_in_a_question_is_coloured_and_other_classes_are_left_out() -> None:
    html = markup.prose('```python\nprint(1)\n```\n\n<span class="unseen">x</span>')

    assert '<span class="nb">print</span>' in html
    assert "unseen" not in html


def test_numbers_that_differ_stand_in_formulas_by_double_braces() -> None:
    question = questions.load(
        {
            "id": "n",
            "type": "numeric",
            "objective": "o",
            "prompt": r"How much is \({{n}} + \frac{1}{2}\), for {n}?",
            "parameters": {"n": [2, 4]},
            "answer": "n + 0.5",
            "explanation": r"It is \({{n}} + \frac{10}{20}\).",
        }
    )

    assert list(question.faults()) == []
    html = markup.question(question)
    assert '<mn data-number="n">2</mn>' in html
    assert '<span data-number="n">2</span>' in html
    met = question.as_shown(question.shown(""))
    assert met.explanation == r"It is \({2} + \frac{10}{20}\)."
    assert re.search(r"<mfrac><mn>10</mn><mn>20</mn></mfrac>", markup.prose(met.explanation))
