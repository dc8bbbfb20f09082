package handlers

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"village/bot"
	"village/handlers/records"
	"village/internal/store"
)

// from is somebody in another workspace, or in a direct message there.
func (b *bench) from(workspace, who, line string, direct, moderator bool) bot.Reply {
	r := bot.Request{Platform: "console", Workspace: "console/" + workspace, Line: line,
		Room: bot.Room{ID: "console/" + workspace, Name: workspace},
		From: bot.Person{ID: "console/" + who, Name: who, Moderator: moderator}}
	if direct {
		r.Workspace, r.Room = "", bot.Room{ID: "console/dm-" + who, Direct: true}
	}
	return b.bot.Do(context.Background(), r)
}

// kept is everything in one partition, with its revisions.
func (b *bench) kept(t *testing.T, partition string) map[string]int64 {
	t.Helper()
	out := map[string]int64{}
	err := b.store.Walk(t.Context(), func(d store.Doc) error {
		if d.Partition == partition {
			out[d.Kind+"/"+d.ID] = d.Rev
		}
		return nil
	}, func(j store.Job) error {
		if j.Partition == partition {
			out["job/"+j.ID] = j.Due.UnixMilli()
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// A code of another group is answered word for word like one that does not
// exist, by every command that takes one, to a moderator of a group of their
// own as well; and nothing of the other group is touched.
func TestCodesOfAnotherGroup(t *testing.T) { onEveryStore(t, 7, foreignCodes) }

func foreignCodes(t *testing.T, b *bench) {
	for _, line := range []string{
		"/ask ride-home in 26 hours from: near Union Station details: the blue door",
		"/ask school-run in 50 hours from: the north side details: the red gate",
		"/session add 2026-12-01 13:00 area: near Union Station help: ride home",
		"/remind add every day at 9am words: drink",
		"/local add topic: rides words: behind the clinic",
		"/reminders add schedule: every day at 9am words: drink",
	} {
		if r := b.says("mod", line); r.Code != "" {
			t.Fatal(line, r.Code, shown(r.Messages[0]))
		}
	}
	for _, line := range []string{"/setup zone Denver", "/setup channel", "/my zone Denver"} {
		if r := b.from("oak", "mallory", line, false, true); r.Code != "" {
			t.Fatal(line, r.Code)
		}
	}
	const nobodys, example = "zzzzzz", "k7m2p9"
	var codes []string
	for key := range b.kept(t, records.GroupPartition("console/village")) {
		if what, id, _ := strings.Cut(key, "/"); len(id) == len(nobodys) && what != records.KindGroup {
			codes = append(codes, id)
		}
	}
	for key := range b.kept(t, records.MemberPartition("console/mod")) {
		if _, id, _ := strings.Cut(key, "/"); len(id) == len(nobodys) {
			codes = append(codes, id)
		}
	}
	r := b.says("mod", "/session list")
	for _, button := range r.Messages[0].Buttons { // sessions have codes of their own
		for word := range strings.FieldsSeq(button.Command) {
			if len(word) == len(nobodys) && !strings.Contains(word, "/") {
				codes = append(codes, word)
			}
		}
	}
	if len(codes) < 7 {
		t.Fatalf("only %d codes to try: %v", len(codes), codes)
	}
	tried := 0
	for _, c := range b.app.Table() {
		for _, sub := range append(c.Subs, c) {
			if sub.Run == nil || !strings.Contains(sub.Example, example) {
				continue
			}
			tried++
			for _, direct := range []bool{false, true} {
				for _, suffix := range []string{"", " yes"} {
					line := strings.ReplaceAll(sub.Example, "@sam", "@mod") + suffix
					want := b.from("oak", "mallory", strings.Replace(line, example, nobodys, 1), direct, !direct)
					for _, code := range codes {
						before := b.kept(t, records.GroupPartition("console/village"))
						got := b.from("oak", "mallory", strings.Replace(line, example, code, 1), direct, !direct)
						if is, should := strings.ReplaceAll(fmt.Sprint(got.Code, got.Messages), code, nobodys), fmt.Sprint(want.Code, want.Messages); is != should {
							t.Errorf("%s with %s is answered\n%s\ninstead of\n%s", line, code, is, should)
						}
						for _, m := range got.Messages {
							if text := shown(m); strings.Contains(text, "blue door") || strings.Contains(text, "red gate") || strings.Contains(text, "Union Station") || got.Code == "" {
								t.Errorf("%s with %s is answered: %s", line, code, text)
							}
						}
						if after := b.kept(t, records.GroupPartition("console/village")); fmt.Sprint(after) != fmt.Sprint(before) {
							t.Errorf("%s with %s changes something: %v becomes %v", line, code, before, after)
						}
					}
				}
			}
		}
	}
	if tried < 40 {
		t.Errorf("only %d commands take a code", tried)
	}
}
