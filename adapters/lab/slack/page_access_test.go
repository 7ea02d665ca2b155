package slack

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// contrastProbe lists texts whose contrast with what lies behind them is too
// low: 4.5 to 1, or 3 to 1 for large ones.
const contrastProbe = `(() => {
	const parse = (c) => { const m = c.match(/[\d.]+/g).map(Number); return { r: m[0], g: m[1], b: m[2], a: m[3] ?? 1 }; };
	const light = ({ r, g, b }) => { const f = (v) => { v /= 255; return v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; }; return .2126 * f(r) + .7152 * f(g) + .0722 * f(b); };
	const behind = (e) => { for (; e; e = e.parentElement) { const c = parse(getComputedStyle(e).backgroundColor); if (c.a > .99) return c; } return { r: 255, g: 255, b: 255 }; };
	const bad = [];
	const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	while (walk.nextNode()) {
		const e = walk.currentNode.parentElement;
		if (!walk.currentNode.data.trim() || !e.checkVisibility({ opacityProperty: true, visibilityProperty: true }) || e.closest(".emoji, noscript, .skip, option")) continue;
		const style = getComputedStyle(e);
		const size = parseFloat(style.fontSize);
		const a = light(parse(style.color)), b = light(behind(e));
		const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
		const large = size >= 24 || size >= 18.66 && style.fontWeight >= 700;
		if (ratio < (large ? 3 : 4.5)) bad.push(ratio.toFixed(2) + " " + e.className + " " + walk.currentNode.data.trim().slice(0, 40));
	}
	return bad;
})()`

// unnamedProbe lists controls that have no name for a screen reader, and ids
// that are there twice.
const unnamedProbe = `(() => {
	const bad = [];
	for (const e of document.querySelectorAll("button, a[href], input, select, textarea, summary, [role=switch], dialog[open]")) {
		const label = e.getAttribute("aria-label") || e.innerText?.trim() || e.closest("label")?.innerText.trim() || e.getAttribute("aria-labelledby")?.split(" ").map((id) => document.getElementById(id)?.innerText).join("");
		if (!label && e.checkVisibility({ visibilityProperty: true })) bad.push(e.outerHTML.slice(0, 120));
	}
	const ids = new Set();
	for (const e of document.querySelectorAll("[id]")) { if (ids.has(e.id)) bad.push("twice: " + e.id); ids.add(e.id); }
	return bad;
})()`

func TestBrowserPageIsReadableForEveryone(t *testing.T) {
	chromium(t)
	l := pageLab(t)
	startPageBot(l)
	b := openTab(t, l.url)
	for _, text := range []string{cardMessage(t, "data.json"), `{"channel":"C0HELP","text":"<!channel> *incident* <@U0VIEWER> <https://example.com|link>"}`} {
		if status, answer := l.postAs(testBotToken, text); status != 200 {
			t.Fatalf("post: %d %s", status, answer)
		}
	}
	if err := l.SetFaults([]string{faultSlow}, nil); err != nil {
		t.Fatal(err)
	}
	if err := l.SetFaults(nil, []string{faultSlow}); err != nil {
		t.Fatal(err)
	}
	for _, scheme := range []string{"light", "dark"} {
		for _, width := range []int64{1280, 400} {
			name := fmt.Sprintf("%s-%d", scheme, width)
			b.look(scheme)
			b.open("/?as=otto&channel=helpdesk")
			b.do(chromedp.EmulateViewport(width, 800))
			b.click("#composer-text")
			b.keys("/pwsync user mona" + kb.Enter)
			b.untilText(card, "Temporary password")
			b.probe(name+" conversation", width)
			b.keys("/pwsync ")
			b.untilText("#completion", "explain")
			b.probe(name+" completion", width)
			b.keys(kb.Escape)
			b.click(card + ":last-child [data-action=push]")
			b.probe(name+" confirm", width)
			b.click(`dialog.confirm[open] [data-answer=yes]`)
			b.untilFocus("#modal [data-action=text]")
			b.keys(kb.Enter)
			b.untilText("#modal .field-problem", "Please complete")
			b.probe(name+" modal", width)
			b.keys(kb.Escape)
			b.until("the modal is closed", `!document.querySelector("#modal").open`)
		}
	}
}

func (b *tab) probe(name string, width int64) {
	b.t.Helper()
	b.shoot(strings.ReplaceAll(name, " ", "-"))
	if bad := js[[]string](b, contrastProbe); len(bad) > 0 {
		b.t.Errorf("%s: too little contrast: %q", name, bad)
	}
	if bad := js[[]string](b, unnamedProbe); len(bad) > 0 {
		b.t.Errorf("%s: controls without a name: %q", name, bad)
	}
	if wide := js[int64](b, `document.documentElement.scrollWidth`); wide > width {
		b.t.Errorf("%s: the page is %d pixels wide on a screen of %d", name, wide, width)
	}
}

// cardMessage is a chat.postMessage body with the blocks of a golden case.
func cardMessage(t *testing.T, file string) string {
	t.Helper()
	return string(encode(map[string]any{"channel": helpdeskID, "text": "Heartbeats", "blocks": cardBlocks(t, file)[:3]}))
}

func (l *lab) postAs(token, body string) (int, string) {
	l.t.Helper()
	o, err := decodeObject([]byte(body))
	if err != nil {
		l.t.Fatal(err)
	}
	answer := l.api("chat.postMessage", token, o)
	if answer["ok"] != true {
		return 0, fmt.Sprint(answer)
	}
	return 200, ""
}
