package handlers

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"village/bot"
	"village/handlers/records"
	"village/internal/village"
)

// Whoever has a link reads and changes nothing of a group but what the one who asked
// them asks for, as far as they show it; when it has ended, nothing at all.
func TestAccessFromPage(t *testing.T) {
	library, err := loadOnce()
	if err != nil {
		t.Fatal(err)
	}
	roles := []struct {
		role, by string
		// reads are the words of the village that they may read.
		reads []string
		until string
		ended bool
	}{
		{role: "asked for rides", by: "zelda", reads: []string{"Quarry Lane", "zelda"}},
		{role: "asked by somebody without rides", by: "nora"},
		{role: "with a link that ended", by: "zelda", until: "nov 23", ended: true},
		{role: "with a link that was taken back", by: "zelda", ended: true},
	}
	tried := 0
	for _, who := range roles {
		b, kept, codes, buttons := accessBench(t, library, everyStore(t)[0])
		line := "/family add name: Rosa meals: no"
		if who.until != "" {
			line += " until: " + who.until
		}
		b.mustSay(t, who.by, line)
		p, ok, err := b.app.OnPage(t.Context(), "console/village", "rosa")
		if err != nil || !ok {
			t.Fatal(ok, err)
		}
		switch {
		case who.until != "":
			b.set(b.clock().Add(24 * 60 * 60 * 1e9))
		case who.ended:
			b.mustSay(t, who.by, "/family remove rosa yes")
		}
		if err := b.deliver(); err != nil {
			t.Fatal(err)
		}
		forbidden := slices.DeleteFunc(append(privateWords(), villageWords()...), func(word string) bool { return slices.Contains(who.reads, word) })
		for _, line := range append(accessLines(b, codes, buttons), "what is this", "i can drive", "who needs a ride", "/faq ketamine") {
			if strings.HasPrefix(line, "/privacy delete") {
				continue
			}
			tried++
			kept.changes, b.sent = nil, nil
			reply := b.bot.Do(context.Background(), bot.Request{Platform: "web", Room: bot.Room{ID: p.ID, Direct: true}, From: p, Line: line})
			said := who.role + ": " + line
			if reply.Code == bot.CodeInternal {
				t.Error(said, "fails")
			}
			if changed := kept.touched("console/village"); len(changed) > 0 && (who.ended || !usableOnPage(b, line)) {
				t.Errorf("%s\nchanges %q", said, changed)
			}
			if text := leak(reply.Messages, forbidden, ""); text != "" {
				t.Errorf("%s\nshows %s", said, text)
			}
			if err := b.deliver(); err != nil {
				t.Fatal(err)
			}
			for _, o := range b.sent {
				if o.To.Person == p.ID {
					if text := leak([]bot.Message{o.Message}, forbidden, ""); text != "" {
						t.Errorf("%s\nhas them sent %s", said, text)
					}
				}
			}
		}
	}
	t.Logf("%d times somebody with a link said something, in %d roles", tried, len(roles))
}

func usableOnPage(b *bench, line string) bool {
	path, _, err := bot.ParseLine(b.app.Table(), line)
	return err == nil && slices.Contains(onPage(), strings.Join(path, " "))
}

// Every command that stands on the page is one.
func TestOnPageIsThere(t *testing.T) {
	library, err := loadOnce()
	if err != nil {
		t.Fatal(err)
	}
	a := New(Config{Content: library})
	for _, path := range onPage() {
		if cmd := bot.Find(a.Table(), strings.Fields(path)); cmd == nil || cmd.Run == nil || cmd.Who != bot.Anyone {
			t.Errorf("there is no command %q for anybody", path)
		}
	}
}

// A link opens for the first browser, costs as much to look up whether it leads anywhere
// or not, and stands nowhere in what is kept.
func TestLinks(t *testing.T) {
	onEveryStore(t, 23, func(t *testing.T, b *bench) {
		b.mustSay(t, "maya", "/need mine")
		link := func(line string) string {
			t.Helper()
			_, rest, ok := strings.Cut(bot.PlainText(b.mustSay(t, "maya", line).Messages[0].Text), "https://village.example/i/")
			if !ok {
				t.Fatal("no link is given by", line)
			}
			secret, _, _ := strings.Cut(rest, "\n")
			if len(secret) < 26 {
				t.Fatalf("the link %q has fewer than 128 bits", secret)
			}
			return secret
		}
		ctx := t.Context()
		opens := func(secret string) village.Family {
			t.Helper()
			_, f, err := b.app.Opened(ctx, secret)
			if err != nil {
				t.Fatal(err)
			}
			return f
		}
		first := link("/family add name: Rosa")
		f := opens(first)
		if f.Name != "Rosa" || f.By.Name != "maya" {
			t.Fatalf("the link leads to %+v", f)
		}
		for _, wrong := range []string{"", "x", first[:25], first + "a", strings.ToUpper(first), records.HashSecret(first)} {
			if f := opens(wrong); f.ID != "" {
				t.Errorf("%q leads to %s", wrong, f.Name)
			}
		}
		for i, secret := range []string{"one", "two", "one"} {
			if ok, err := b.app.Keep(ctx, "console/village", f, secret, "es-MX"); err != nil || ok != (i == 0) {
				t.Fatalf("browser %d: %v %v", i, ok, err)
			}
		}
		second := link("/family link Rosa yes")
		if opens(first).ID != "" {
			t.Error("the old link opens something")
		}
		if ok, err := b.app.Keep(ctx, "console/village", f, "three", ""); ok || err != nil {
			t.Error("a browser keeps an old link", err)
		}
		if again := opens(second); again.ID != f.ID || again.Browser != "" {
			t.Errorf("the new link leads to %+v", again)
		}
		b.mustSay(t, "maya", "/family remove Rosa yes")
		if opens(second).ID != "" {
			t.Error("a link that was ended opens something")
		}
	})
}

// Nobody with a link is asked by the ladder, signed up or offered a place for what is not
// on their page, nor for more than they may have.
func TestOnlyWhatIsOnThePage(t *testing.T) {
	onEveryStore(t, 29, func(t *testing.T, b *bench) {
		code := func(who, line string) string {
			t.Helper()
			fields := strings.Fields(b.mustSay(t, who, line).Messages[0].Buttons[0].Command)
			return fields[len(fields)-1]
		}
		b.mustSay(t, "sam", "/need mine")
		b.mustSay(t, "maya", "/family add name: Rosa most: 1")
		rosa, _, err := b.app.OnPage(t.Context(), "console/village", "rosa")
		if err != nil {
			t.Fatal(err)
		}
		page := func(line string) bot.Reply {
			return b.bot.Do(t.Context(), bot.Request{Platform: "web", Room: bot.Room{ID: rosa.ID, Direct: true}, From: rosa, Line: line})
		}
		if r := page("/helper join"); r.Code != "" {
			t.Fatal(r.Code)
		}
		theirs, hers, second := code("zelda", "/ask ride-home thu 1:30pm from: the mall"), code("maya", "/ask ride-home fri 1:30pm from: the park"), code("maya", "/ask ride-home sat 1:30pm from: the park")
		asked := func() (who []string) {
			t.Helper()
			b.sent = nil
			if err := b.wait(b.clock().Add(30*time.Hour), func() {}); err != nil {
				t.Fatal(err)
			}
			for _, o := range b.sent {
				for _, x := range o.Message.Flat().Buttons {
					if o.To.Person == rosa.ID && strings.HasPrefix(x.Command, "/need claim ") {
						who = append(who, strings.TrimPrefix(x.Command, "/need claim "))
					}
				}
			}
			return who
		}
		b.mustSay(t, "sam", "/need claim "+theirs)
		for by, moderates := range map[string]bool{"zelda": false, "mod": true} {
			if r := b.from("village", by, "/need fill "+theirs+" @"+rosa.ID, false, moderates); r.Code == "" {
				t.Errorf("%s signs her up for what she may not see", by)
			}
		}
		if r := b.says("sam", "/need give "+theirs+" @"+rosa.ID); r.Code == "" {
			t.Error("she is offered what she may not see")
		}
		b.mustSay(t, "sam", "/need release "+theirs)
		if who := asked(); slices.Contains(who, theirs) {
			t.Errorf("she is asked for %q", who)
		}
		if who := asked(); !slices.Contains(who, hers) || slices.Contains(who, theirs) {
			t.Errorf("she is asked for %q, of which %s is on her page", who, hers)
		}
		if r := page("/need claim " + hers); r.Code != "" {
			t.Fatal(r.Code)
		}
		if r := b.says("maya", "/need fill "+second+" @"+rosa.ID); r.Code != village.CodePromised {
			t.Errorf("one more than she may have: %q", r.Code)
		}
		if who := asked(); slices.Contains(who, second) {
			t.Errorf("she is asked for one more than she may have: %q", who)
		}
	})
}
