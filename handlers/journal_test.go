package handlers

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"village/bot"
	"village/handlers/records"
	"village/internal/village"
)

// Whatever somebody writes for themselves, in whatever script and however long, is kept
// to the letter or refused with what to do, and nobody else can read it.
func TestJournalKeepsEverything(t *testing.T) {
	onEveryStore(t, 5, func(t *testing.T, b *bench) {
		direct := func(who, line string) bot.Reply { return b.from("", who, line, true, false) }
		b.says("maya", "/need open")
		b.says("sam", "/need open")
		for _, words := range []string{
			"saw a whale and my mother. felt held", "видел кита и маму", "クジラと母を見た", "رأيت أمي", "ראיתי לוויתן", "鲸鱼", "เห็นปลาวาฬ", "मैंने व्हेल देखी", "🐋🌊",
			"*not bold* `nor code` <@123> [nor a link](x)", "one line\nand another\n\nand a third", "a\u202eb", "ok", "i want to die", "/not a command", strings.Repeat("a whale ", 499) + "the end",
		} {
			direct("maya", "/journal")
			reply := direct("maya", words)
			danger := words == "i want to die"
			if reply.Crisis != danger {
				t.Errorf("%.30q: the lines for a crisis: %v", words, reply.Crisis)
			}
			if strings.HasPrefix(words, "/") {
				continue // a line that begins so is a command, and says so
			}
			journal, err := b.app.Journal(t.Context(), "console/maya")
			if err != nil || len(journal) == 0 {
				t.Fatalf("%.30q: %v, %v", words, journal, err)
			}
			if !hasWords(journal, words) {
				t.Errorf("%.30q is not kept", words)
			}
			for _, who := range []string{"sam", "mod"} {
				if said := direct(who, "/journal show "+journal[0].ID); said.Code != "no-such-entry" {
					t.Errorf("%s is told %q of maya's journal", who, said.Code)
				}
			}
			if reply := direct("maya", "/journal delete sure: yes"); reply.Code != "" {
				t.Fatal(reply)
			}
		}
		direct("maya", "/journal")
		if said := direct("maya", strings.Repeat("é", village.MaxJournalWords+1)); said.Code != "journal-too-long" {
			t.Errorf("a page too long is answered with %q", said.Code)
		}
		if said := direct("maya", "in parts, then"); said.Code != "" {
			t.Errorf("after a page too long: %+v", said)
		}
		if journal, err := b.app.Journal(t.Context(), "console/maya"); err != nil || len(journal) != 1 || journal[0].Words != "in parts, then" {
			t.Errorf("after a page too long: %v, %v", journal, err)
		}
	})
}

func hasWords(j village.Journal, words string) bool {
	for _, e := range j {
		if e.Words == words {
			return true
		}
	}
	return false
}

// Somebody in danger who writes it into a journal that holds no more reads at once
// where people are.
func TestJournalInDanger(t *testing.T) {
	onEveryStore(t, 6, func(t *testing.T, b *bench) {
		b.says("maya", "/need open")
		for i := range 10 {
			if err := b.app.Change(t.Context(), records.MemberPartition("console/maya"), func(tx *records.Tx) error {
				for k := range village.MaxJournal / 10 {
					tx.PutEntry("console/maya", village.Entry{ID: fmt.Sprintf("e%d-%d", i, k), At: b.clock(), Words: "full"})
				}
				return nil
			}); err != nil {
				t.Fatal(err)
			}
		}
		b.from("", "maya", "/journal", true, false)
		if reply := b.from("", "maya", "saw a whale", true, false); reply.Code != "journal-full" {
			t.Errorf("a full journal is answered with %+v", reply)
		}
		if reply := b.from("", "maya", "i want to die", true, false); !reply.Crisis {
			t.Errorf("%+v", reply)
		}
	})
}

// What somebody wrote is behind them, so a day they name is the last one of that name.
func TestPastDay(t *testing.T) {
	zone := village.ZoneNamed("America/Denver")
	now := time.Date(2026, 12, 9, 19, 0, 0, 0, time.UTC) // a Wednesday
	for said, want := range map[string]string{
		"today": "2026-12-09", "Yesterday": "2026-12-08", "last night": "2026-12-08", "tuesday": "2026-12-08", "wed": "2026-12-02", "last friday": "2026-12-04", "on thursday": "2026-12-03",
		"dec 3": "2026-12-03", "dec 20": "2025-12-20", "2026-11-30": "2026-11-30", "jan 5": "2026-01-05",
	} {
		if day, err := pastDay(said, now, zone); err != nil || day.Format(time.DateOnly) != want {
			t.Errorf("%q is %s, %v, want %s", said, day.Format(time.DateOnly), err, want)
		}
	}
	if day, err := pastDay("a while ago", now, zone); err == nil {
		t.Errorf("no day is %v", day)
	}
}

// A picture in place of words keeps nothing, and the words that follow it are kept.
func TestJournalIsNoAlbum(t *testing.T) {
	onEveryStore(t, 8, func(t *testing.T, b *bench) {
		b.says("maya", "/need open")
		b.from("", "maya", "/journal", true, false)
		reply := b.bot.Do(t.Context(), bot.Request{Platform: "console", Wordless: true, Room: bot.Room{ID: "console/dm-maya", Direct: true}, From: bot.Person{ID: "console/maya", Name: "maya"}})
		if len(reply.Messages) == 0 || !strings.Contains(reply.Messages[0].Text, "look at pictures") {
			t.Errorf("a picture is answered with %+v", reply)
		}
		if journal, err := b.app.Journal(t.Context(), "console/maya"); err != nil || len(journal) != 0 {
			t.Errorf("a picture is kept as %v, %v", journal, err)
		}
		b.from("", "maya", "a door of light", true, false)
		if journal, err := b.app.Journal(t.Context(), "console/maya"); err != nil || len(journal) != 1 {
			t.Errorf("after a picture: %v, %v", journal, err)
		}
	})
}
