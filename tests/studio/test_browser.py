"""The studio in a real browser: Debian's Chromium through Playwright; skipped with a word without them."""

from __future__ import annotations

import json
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from evenhand import jobs, sim
from tests.support import small

CHROMIUM = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))),
    None,
)
pytestmark = [pytest.mark.browser, pytest.mark.process]
playwright = pytest.importorskip(
    "playwright.sync_api", reason="needs the extra: pip install 'evenhand[browser]'"
)
if CHROMIUM is None:
    pytest.skip("needs Debian's Chromium: apt-get install chromium", allow_module_level=True)

FILE = "kind: policy\ntitle: Ours\nbase: tmall\nwindows:\n  merchant_evidence: 48 h  # agreed\n"
PATIENCE = 300_000
"""Milliseconds; the engine may have to be compiled first."""
SCREENS = (
    "/",
    "/policy/mine.yaml",
    "/file/mine.yaml",
    "/policy/mine.yaml/timeline",
    "/run/new?policy=mine.yaml",
    "/search?policy=mine.yaml",
    "/search/kept",
    "/goal/reached",
    "/assumptions",
    "/sweep",
    "/learn?standard=60",
    "/market/market.yaml?part=desks",
)


_ROW = {
    "on_front": 0.9,
    "limits_hold": None,
    "wrongful_denial_rate_half": 0.01,
    "wrongful_grant_rate_half": 0.02,
}
_TRIED = [
    {"candidate": number, "values": {"decision.standard": 0.5 + number / 10}}
    | {"wrongful_denial_rate": 0.3 + number / 10, "wrongful_grant_rate": 0.3 - number / 20}
    for number in range(3)
]
_BOTH = {"policy": "mine.yaml", "scenario": "tmall_unresponsive"}
STUDIES = {
    "kept": {
        "kind": "search",
        **_BOTH,
        "metrics": ["wrongful_denial_rate", "wrongful_grant_rate"],
        "goals": ["wrongful_denial_rate:min", "wrongful_grant_rate:min"],
        "worlds": 24,
        "fresh_worlds": 16,
        "candidates": 3,
        "within_limits": True,
        "limits": [],
        "currency": "CNY",
        "business": [],
        "bases": _BOTH,
        "said": {},
        "tried": _TRIED,
        "front": [row | _ROW for row in _TRIED],
    },
    "reached": {
        "kind": "goal",
        **_BOTH,
        "target": "p90_hours_to_close<=120",
        "reached": True,
        "settings": {"review.limit": 0.0},
        "currency": "CNY",
        "business": [],
        "bases": _BOTH,
        "written": {"review.limit": "0"},
        "spoken": {"en": ["One setting can reach it."], "zh": ["一项设置就能做到。"]},
        "alone": [{"setting": "review.limit", "value": 0.0, "metric": 110.0, "helps": True}],
        "gains": {"review.limit": 20.0},
    },
}
"""What pages show of studies; how these come about is tested without a browser."""


class Site:
    """A studio that runs, and a browser that it knows."""

    def __init__(self, folder: Path, home: str, browser, state) -> None:
        self.folder, self.home, self.browser, self.state = folder, home, browser, state

    def page(self, width: int = 1280, scheme: str = "light", *, script: bool = True):
        context = self.browser.new_context(
            viewport={"width": width, "height": 844},
            storage_state=self.state,
            color_scheme=scheme,
            java_script_enabled=script,
        )
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        page.asked, page.wrong = [], []
        page.on("request", lambda one: page.asked.append(one.url))
        page.on("pageerror", lambda error: page.wrong.append(str(error)))
        page.on("console", lambda said: page.wrong.append(said.text) if said.type == "error" else None)
        return page

    def go(self, page, path: str):
        page.goto(self.home + path)
        return page


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("studio")
    (folder / "mine.yaml").write_text(FILE, encoding="utf-8")
    for name, found in STUDIES.items():
        (folder / "runs" / name).mkdir(parents=True)
        (folder / "runs" / name / f"{found['kind']}.parquet").touch()
        (folder / "runs" / name / f"{found['kind']}.json").write_text(json.dumps(found), encoding="utf-8")
    (folder / "market.yaml").write_text("kind: scenario\ntitle: Our market\nbase: tmall\n", encoding="utf-8")
    (folder / ".evenhand").mkdir()
    (folder / ".evenhand" / "studio.json").write_text('{"market": "tmall_unresponsive"}', encoding="utf-8")
    command = [sys.executable, "-m", "evenhand", "studio", str(folder), "--port", "0", "--no-browser"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as program:
        try:
            said = ""
            while "token=" not in said:
                line = program.stdout.readline()
                assert line, "the studio did not start"
                said += line
            address = re.search(r"http://\S+", said)[0]
            with playwright.sync_playwright() as driver:
                browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
                context = browser.new_context()
                context.new_page().goto(address)
                yield Site(folder, address.partition("/?")[0], browser, context.storage_state())
                browser.close()
            program.send_signal(signal.SIGINT)
            assert program.wait(60) == 0
        finally:
            program.kill()


def test_edit_preview_save_run_report(site):
    """The way of a policy designer, by keyboard where there are keys for it; nothing leaves the machine."""
    page = site.go(site.page(), "/policy/mine.yaml")
    page.wait_for_selector(".measures")
    page.keyboard.press("/")
    page.keyboard.type("merchant's evidence")
    page.locator("#hits a", has_text="For the merchant's evidence").click()
    field = page.locator("[name='windows.merchant_evidence']")
    field.fill("24 h")
    page.locator(".changes b", has_text="24 h").wait_for()
    page.locator(".effects .note", has_text="24 worlds").wait_for()
    assert page.locator("[id='windows.merchant_evidence'] .tag").inner_text().endswith("changed")
    field.fill("24")
    page.locator(".stale").wait_for()
    assert "write 24 h or 24 d" in page.locator("#side").inner_text()
    field.fill("24 h")
    page.locator(".effects:not(.stale)").wait_for()
    page.keyboard.press("Control+s")
    page.locator("#state", has_text="Saved at").wait_for()
    assert (site.folder / "mine.yaml").read_text() == FILE.replace("48 h", "24 h")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/run/new*")
    page.locator("[name=worlds]").fill("2")
    page.locator("[name=market]").select_option("tmall_unresponsive")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/job/*")
    page.reload()
    page.get_by_role("link", name="Open the report").click()
    page.frame_locator("iframe.report").locator("h1", has_text="Ours").wait_for()
    page.get_by_role("link", name="Show me a wrongful refusal").click()
    page.get_by_role("heading", name="What the decider did not see").wait_for()
    assert page.wrong == []
    assert all(url.startswith((site.home, "data:")) for url in page.asked)


def test_a_job_is_stopped_by_a_key_and_a_second_tab_sees_it(site):
    """Another tab shows the same job; Esc stops it in both."""
    page = site.go(site.page(), "/run/new?policy=mine.yaml")
    page.locator("[name=worlds]").fill("3000")
    page.locator("[name=market]").select_option("tmall_unresponsive")
    page.locator("#run").click()
    page.wait_for_url("**/job/*")
    page.locator(".stages .now").wait_for()
    other = site.page()
    other.goto(page.url)
    other.locator(".stages .now").wait_for()
    page.locator("h1").click()
    page.keyboard.press("Escape")
    for tab in (page, other):
        tab.locator(".state.stopped").wait_for()
    other.close()


def test_a_point_of_a_front_becomes_rules_by_keyboard_and_without_javascript(site):
    """Tab to the name of a point, type another, Enter; the goal's change is kept by a click."""
    page = site.go(site.page(), "/search/kept")
    page.locator("input[name=name]").first.focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("stricter")
    page.keyboard.press("Enter")
    page.wait_for_url("**/policy/stricter.yaml*")
    assert "0.6" in (site.folder / "stricter.yaml").read_text()
    assert page.wrong == []
    plain = site.go(site.page(script=False), "/goal/reached")
    plain.locator("input[name=name]").fill("fast")
    plain.get_by_role("button", name="Save the change as rules").click()
    assert "limit: 0" in (site.folder / "fast.yaml").read_text()
    site.go(plain, "/learn").locator("[name=standard]").fill("70")
    plain.get_by_role("button", name="Draw").click()
    plain.wait_for_selector("text=At a standard of 70 %")
    for name in ("stricter", "fast"):
        (site.folder / f"{name}.yaml").unlink()


def test_a_market_s_load_is_told_while_its_staff_is_typed(site):
    """The load follows the field, and the file holds what was saved."""
    page = site.go(site.page(), "/market/market.yaml?part=desks")
    page.locator("[name='desks.decision.staff']").fill("1")
    page.wait_for_selector("text=its staff of 1 has time for")
    page.keyboard.press("Control+s")
    page.wait_for_selector("text=Saved.")
    assert "staff: 1" in (site.folder / "market.yaml").read_text()


def test_everything_works_without_javascript(site):
    """The same way by page loads only."""
    page = site.go(site.page(script=False), "/policy/mine.yaml")
    page.locator("#filing > summary").click()
    page.locator("[name='windows.file']").fill("12 d")
    page.get_by_role("button", name="Try without saving").click()
    assert "Not saved yet." in page.content()
    assert "12 d" in page.locator(".changes").inner_text()
    page.get_by_role("button", name="Save", exact=False).first.click()
    assert "file: 12 d" in (site.folder / "mine.yaml").read_text()
    page.get_by_role("button", name="Undo the last save").click()
    assert "file:" not in (site.folder / "mine.yaml").read_text()


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (1280, "dark"), (390, "light")])
def test_pages_are_accessible_and_fit(site, lang, width, scheme):
    """axe-core finds nothing, nothing is wider than the screen, and fingers hit what they aim at."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs axe-playwright-python")
    page = site.go(site.page(width, scheme), "/")
    page.locator(f"button[name=lang][value={lang}]").click()
    page.wait_for_load_state()
    done = sorted((site.folder / "runs").glob("*/manifest.json"))
    runs = [f"/runs/{one.parent.name}" for one in done]
    for path in (*SCREENS, *runs[:1], *(f"{one}/case" for one in runs[:1])):
        site.go(page, path)
        found = axe.Axe().run(page)
        assert found.violations_count == 0, f"{path}: {found.generate_report()}"
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, path
        assert page.locator("html").get_attribute("lang") == lang
        if width == 390:
            assert page.evaluate(SMALL) == [], path
    site.go(page, "/").locator("button[name=lang][value=en]").click()


def compared(site) -> None:
    """Two sets of rules compared, in the folder of the studio; once."""
    if (site.folder / "runs" / "both").exists():
        return
    rules = [
        small.policy({"title": title, "windows": {"merchant_evidence": window}}) for title, window in PAIR
    ]
    market = small.scenario({"title": "Ours", "market": {"orders_per_day": 120}})
    experiment = sim.Experiment.of(
        market, rules[0], seed=3, replications=3, days=40, engine="simpy", events=False
    )
    named = {"before": rules[0], "after": rules[1]}
    jobs.compare(
        experiment, named, baseline="before", by=["merchant_group"], out=site.folder / "runs" / "both"
    )


def test_from_a_comparison_to_a_dispute_and_to_a_shared_page(site, tmp_path):
    """By keyboard: groups, the disputes behind a number, two lives; then the study is opened again."""
    compared(site)
    page = site.go(site.page(), "/compare/both")
    page.get_by_role("link", name="Groups of merchants").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**by=merchant_group*")
    page.locator("[name=measure]").select_option("merchant_missed_share")
    page.get_by_role("button", name="Show").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**measure=merchant_missed_share*")
    assert page.locator(".drawn img").evaluate("one => one.complete && one.naturalWidth > 0")
    page.locator(".measures .numbers a").first.focus()
    page.keyboard.press("Enter")
    page.locator(".disputes th a").first.focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="lived twice").wait_for()
    assert page.get_by_role("heading", name="What happened").count() == 2
    site.go(page, "/share/both?lang=zh")
    assert page.locator("html").get_attribute("lang") == "zh"
    assert page.pdf(prefer_css_page_size=True).count(b"/Type /Page\n") == 1
    with page.expect_download() as coming:
        page.get_by_role("link", name="ZIP").click()
    study = tmp_path / coming.value.suggested_filename
    coming.value.save_as(study)
    site.go(page, "/")
    page.locator("[name=study]").set_input_files(study)
    page.get_by_role("button", name="Open", exact=True).click()
    page.wait_for_url("**/study/both-2*")
    page.locator("#run").click()
    page.locator(".same-numbers", has_text="The same to the bit").wait_for()
    assert page.wrong == []
    assert all(url.startswith((site.home, "data:")) for url in page.asked)


@pytest.mark.parametrize(("lang", "width", "scheme"), [("en", 1280, "dark"), ("zh", 390, "light")])
def test_comparisons_and_shared_pages_are_accessible_and_fit(site, lang, width, scheme):
    """axe-core finds nothing on them, and nothing is wider than the screen."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs axe-playwright-python")
    compared(site)
    page = site.go(site.page(width, scheme), "/")
    page.locator(f"button[name=lang][value={lang}]").click()
    page.wait_for_load_state()
    number = "measure=merchant_missed_share"
    for path in (
        "/compare/both",
        f"/compare/both?by=merchant_group&{number}",
        f"/compare/both/behind?{number}",
        "/share/both",
        "/study/both?put=a.yaml&left=b.yaml",
    ):
        site.go(page, path)
        found = axe.Axe().run(page)
        assert found.violations_count == 0, f"{path}: {found.generate_report()}"
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, path
        if width == 390:
            assert page.evaluate(SMALL) == [], path
    site.go(page, "/").locator("button[name=lang][value=en]").click()


PAIR = (("Three days", "72 h"), ("Six hours", "6 h"))
SMALL = """() => [...document.querySelectorAll("a, button, select, summary, input")]
  .filter(one => {
    if (one.matches("[type=checkbox], [type=hidden]") || one.closest(".note, .hidden")) return false;
    const box = one.getBoundingClientRect();
    const shown = box.width > 1 && getComputedStyle(one).visibility !== "hidden";
    return shown && box.height < 43.5 && !one.matches(".change a, p a:not(.button):not(.actions a)");
  })
  .map(one => one.outerHTML.slice(0, 80))"""
