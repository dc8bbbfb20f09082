package handlers

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"village/bot"
	"village/handlers/records"
	"village/internal/store"
	"village/internal/village"
)

// lookingOnly are the commands of moderators that change nothing. Any other has to say in
// the log what it did.
func lookingOnly() []string {
	return []string{"local list", "need uncovered", "reminders list", "reminders preview", "reminders test",
		"setup show", "setup start", "setup export", "setup log", "setup guide", "setup check"}
}

// ownWord are the commands about a request that are about whoever says them, also when
// it is somebody else's. Any other that a moderator can do to it has to be in the log.
func ownWord() []string {
	return []string{"need claim", "need standby", "need still", "need got", "need late", "need here", "need nobody", "need home",
		"need pass", "need details", "need release", "need thanks", "need show"}
}

// acts are what a log would say of some changes of the village, and whether one of them
// says nothing of what it does.
func (b *bench) acts(t *testing.T, changes []store.Change) (acts []village.Act, silent []string) {
	t.Helper()
	for _, c := range changes {
		if c.Partition != records.GroupPartition("console/village") {
			continue
		}
		noted, touched := false, []string{}
		touch := func(k store.Key) {
			if k.Kind != records.KindModerator { // that they are seen to moderate
				touched = append(touched, k.Kind)
			}
		}
		for _, d := range c.Puts {
			if d.Kind != records.KindAct {
				touch(d.Key)
				continue
			}
			var act village.Act
			if err := json.Unmarshal(d.Body, &act); err != nil {
				t.Fatal(err)
			}
			if noted = true; d.Expires.Sub(b.clock()) != 90*24*time.Hour {
				t.Errorf("%s is kept until %s", act.What, d.Expires)
			}
			acts = append(acts, act)
		}
		for _, d := range c.Deletes {
			touch(d.Key)
		}
		if !noted && len(touched) > 0 {
			silent = append(silent, touched...)
		}
	}
	return acts, silent
}

// actsBench is a village in which there is something to moderate, with the codes that
// moderators' examples need.
func actsBench(t *testing.T) (b *bench, kept *recorded, codes map[string]string) {
	t.Helper()
	library, err := loadOnce()
	if err != nil {
		t.Fatal(err)
	}
	kind := boltStore
	open := kind.open
	kind.open = func(now func() time.Time) (store.Store, error) {
		s, err := open(now)
		kept = &recorded{Store: s}
		return kept, err
	}
	b, err = newBench(library, kind, time.Date(2026, 11, 23, 16, 0, 0, 0, time.UTC), 9)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.store.Close() })
	for _, who := range []string{"maya", "sam", "kim"} {
		b.mustSay(t, who, "/need mine")
	}
	b.mustSay(t, "mod", "/setup helpers anyone")
	last := func(r bot.Reply) string {
		fields := strings.Fields(r.Messages[0].Buttons[0].Command)
		return fields[len(fields)-1]
	}
	codes = map[string]string{
		"reminders": last(b.mustSay(t, "mod", "/reminders add every day at 9am words: lanterns")),
		"local":     last(b.mustSay(t, "mod", "/local add topic: rides words: gate seven")),
	}
	oak := b.bot.Do(t.Context(), bot.Request{Platform: "slack", Workspace: "slack/oak", Line: "/setup join",
		Room: bot.Room{ID: "slack/oak", Name: "oak"}, From: bot.Person{ID: "slack/ona", Name: "ona", Moderator: true}}).Messages[0].Text
	for word := range strings.FieldsSeq(oak) {
		if code := strings.Trim(word, "`*.,"); len(code) == 12 && !strings.ContainsAny(code, "aeiou") {
			codes["join"] = code
		}
	}
	return b, kept, codes
}

// No command of moderators changes anything without saying in the log who did what.
func TestWhatModeratorsDoIsNoted(t *testing.T) {
	b, kept, codes := actsBench(t)
	tried := 0
	try := func(what, line string) {
		tried++
		kept.changes = nil
		r := b.says("mod", line)
		acts, silent := b.acts(t, kept.changes)
		switch {
		case r.Code != "":
			t.Errorf("%s is refused (%s): this test must do it", line, r.Code)
		case slices.Contains(lookingOnly(), what):
			if len(acts)+len(silent) > 0 {
				t.Errorf("%s changes %v %v, and is said to be for looking", line, acts, silent)
			}
		case len(acts) == 0 || len(silent) > 0:
			t.Errorf("%s is not in the moderators' log, or not in the commit that does it: %v", line, silent)
		}
		for _, act := range acts {
			said := b.app.toPerson("", time.UTC).Act(act)
			if act.What != what || act.By.Name != "mod" || !strings.HasPrefix(said, "**mod** ") || strings.Contains(said, "did something") || strings.Contains(said, "%!") || strings.Contains(said, "lanterns") {
				t.Errorf("%s is in the log as %q: %s", line, act.What, said)
			}
		}
	}
	for _, c := range b.app.Table() {
		for _, sub := range append(c.Subs, c) {
			path := strings.TrimSpace(c.Name + " " + sub.Name)
			if sub.Run == nil || sub.Who != bot.Moderators || path == "reminders remove" || path == "setup leave" {
				continue
			}
			line := strings.Replace(sub.Example, "k7m2p9", codes[c.Name], 1)
			try(path, line)
		}
	}
	try("reminders remove", "/reminders remove "+codes["reminders"])
	try("setup trust", "/setup trust @sam no")
	if tried < 25 {
		t.Errorf("%d commands were tried, and that is too few", tried)
	}
}

// Two places that become one village, and one that leaves it, are in the log of both.
func TestJoiningIsNoted(t *testing.T) {
	b, kept, codes := actsBench(t)
	for what, line := range map[string]string{"setup join": "/setup join " + codes["join"]} {
		kept.changes = nil
		for _, reminder := range []string{codes["reminders"]} { // nothing may be ahead
			b.mustSay(t, "mod", "/reminders remove "+reminder)
		}
		if r := b.says("mod", line); r.Code != "" {
			t.Fatal(r.Code, shown(r.Messages[0]))
		}
		if acts, _ := b.acts(t, kept.changes); len(acts) != 2 || acts[1].What != what {
			t.Errorf("the log of the place that joins says %v", acts)
		}
		there, err := b.app.Acts(t.Context(), "slack/oak", 10)
		if err != nil || len(there) != 2 || there[0].By.Name != "mod" || there[1].By.Name != "ona" {
			t.Errorf("the log of the village says %v, %v", there, err)
		}
	}
	elm := b.from("elm", "ed", "/setup join", false, true).Messages[0].Text // another one of its kind
	_, code, _ := strings.Cut(elm, "/setup join ")
	code, _, _ = strings.Cut(code, "**")
	if r := b.says("mod", "/setup join "+code); r.Code != "one-platform-twice" {
		t.Error("two places of one platform become one village:", r.Code)
	}
	if is, err := b.app.JoinedTo(t.Context(), "console/village"); is != "slack/oak" || err != nil {
		t.Error("what is refused has changed something:", is, err)
	}
	kept.changes = nil
	if r := b.says("mod", "/setup leave"); r.Code != "" {
		t.Fatal(r.Code)
	}
	if acts, _ := b.acts(t, kept.changes); len(acts) != 1 || acts[0].What != "setup leave" {
		t.Errorf("the log of the place that leaves says %v", acts)
	}
}

// What a moderator does with somebody's request is in the log, and what people do with
// their own is not.
func TestWhatIsDoneToRequestsIsNoted(t *testing.T) {
	b, kept, _ := actsBench(t)
	noted := 0
	for _, c := range b.app.Table() {
		if c.Name != "need" {
			continue
		}
		for _, sub := range c.Subs {
			if sub.Run == nil || !strings.Contains(sub.Example, "k7m2p9") {
				continue
			}
			for _, by := range []string{"mod", "maya"} {
				fields := strings.Fields(b.mustSay(t, "maya", "/ask errand thu 6pm where: the west side").Messages[0].Buttons[0].Command)
				code := fields[len(fields)-1]
				what := "need " + sub.Name
				helper := "helper" + code // a no to one holds
				b.mustSay(t, helper, "/need mine")
				if strings.Contains(sub.Example, "@sam") {
					b.mustSay(t, helper, "/need claim "+code)
				}
				line := strings.NewReplacer("k7m2p9", code, "@sam", "@"+helper).Replace(sub.Example)
				if slices.ContainsFunc(sub.Options, func(o bot.Option) bool { return o.Name == "sure" }) {
					line += " yes"
				}
				kept.changes = nil
				b.says(by, line)
				acts, silent := b.acts(t, kept.changes)
				switch own := slices.Contains(ownWord(), what); {
				case (own || by == "maya") && len(acts) > 0:
					t.Errorf("%s: %s is in the moderators' log, and is nobody's business: %v", by, line, acts)
				case !own && by == "mod" && slices.Contains(silent, records.KindNeed):
					t.Errorf("%s changes somebody's request and is not in the log", line)
				}
				noted += len(acts)
				for _, act := range acts {
					said := b.app.toPerson("", time.UTC).Act(act)
					if strings.Contains(said, "something") || strings.Contains(said, "somebody") || strings.Contains(said, "maya") || strings.Contains(said, "west side") {
						t.Errorf("%s is in the log as: %s", line, said)
					}
				}
				b.says("maya", "/need cancel "+code+" yes")
			}
		}
	}
	if noted < 6 {
		t.Errorf("%d acts are in the log, and that is too few", noted)
	}
}
