package village

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var now = time.Date(2026, 11, 23, 16, 0, 0, 0, time.UTC)

func person(name string) Person { return Person{ID: "console/" + name, Name: name} }

func ride(t testing.TB) Need {
	t.Helper()
	n, _, err := Ask(Request{ID: "k7m2p9", Kind: RideHome, Member: person("maya"), Start: now.Add(48 * time.Hour), Zone: "America/Denver", From: "near the station"}, now)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func code(err error) string {
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return fmt.Sprint(err)
}

func TestAskRefuses(t *testing.T) {
	good := Request{ID: "x", Kind: RideHome, Member: person("maya"), Start: now.Add(time.Hour), From: "here"}
	for _, tt := range []struct {
		want   string
		change func(r *Request)
	}{
		{"time-past", func(r *Request) { r.Start = now }},
		{"time-far", func(r *Request) { r.Start = now.Add(MaxAhead + time.Minute) }},
		{"time-order", func(r *Request) { r.End = r.Start }},
		{"place-missing", func(r *Request) { r.From = " " }},
		{"too-long", func(r *Request) { r.From = strings.Repeat("é", MaxPlace+1) }},
		{"too-long", func(r *Request) { r.Note = strings.Repeat("é", MaxNote+1) }},
		{"too-many", func(r *Request) { r.Ahead = MaxOpen }},
	} {
		r := good
		tt.change(&r)
		if _, _, err := Ask(r, now); code(err) != tt.want {
			t.Errorf("got %s, want %s", code(err), tt.want)
		}
	}
	edge := good
	edge.From, edge.Note, edge.Start, edge.Ahead = strings.Repeat("é", MaxPlace), strings.Repeat("é", MaxNote), now.Add(MaxAhead), MaxOpen-1
	if _, _, err := Ask(edge, now); err != nil {
		t.Errorf("at the limits: %v", err)
	}
}

func TestFirstYesWins(t *testing.T) {
	n := ride(t)
	n, owed, err := n.Claim(person("sam"), true, now)
	if err != nil || n.State() != Covered {
		t.Fatal(n, err)
	}
	for _, want := range []What{OwedYes, OwedThanks, OwedCard, OwedReminder} {
		if !slices.ContainsFunc(owed, func(o Owed) bool { return o.What == want }) {
			t.Errorf("%s is not owed", want)
		}
	}
	if again, owed, err := n.Claim(person("sam"), true, now); err != nil || len(owed) > 0 || len(again.Claims) != 1 {
		t.Error("a second tap changes something", owed, err)
	}
	if _, _, err := n.Claim(person("lee"), true, now); code(err) != "taken" {
		t.Error(code(err))
	}
	if _, _, err := ride(t).Claim(person("maya"), true, now); code(err) != "own-need" {
		t.Error(code(err))
	}
	if _, _, err := ride(t).Claim(person("sam"), true, now.Add(72*time.Hour)); code(err) != "over" {
		t.Error(code(err))
	}
}

// Whatever many people do in whatever order: a need is in exactly one state,
// never has more helpers than wanted, rules never change what they were given,
// and everybody concerned by a change is owed a word about it exactly once.
func TestNeedAgainstAModel(t *testing.T) {
	people := []string{"maya", "sam", "lee", "kim", "mallory"}
	rapid.Check(t, func(rt *rapid.T) {
		n := ride(t)
		n.Wanted = rapid.IntRange(1, 3).Draw(rt, "wanted")
		helpers := map[string]bool{} // the model
		ended := State("")
		at := now
		for range rapid.IntRange(1, 30).Draw(rt, "steps") {
			at = at.Add(time.Duration(rapid.IntRange(0, 6*60).Draw(rt, "minutes")) * time.Minute)
			if !at.Before(n.End) && ended == "" {
				n, _ = n.Over(at)
				ended = Over
			}
			who := rapid.SampledFrom(people).Draw(rt, "who")
			before := fmt.Sprintf("%+v", n)
			var after Need
			var owed []Owed
			var err error
			switch rapid.SampledFrom([]string{"claim", "claim", "claim", "release", "cancel", "over"}).Draw(rt, "what") {
			case "claim":
				after, owed, err = n.Claim(person(who), true, at)
				ok := ended == "" && who != "maya" && !helpers[who] && len(helpers) < n.Wanted
				again := helpers[who]
				if ok != (err == nil && len(owed) > 0) || again != (err == nil && len(owed) == 0) {
					rt.Fatalf("claim by %s of %s: %v, %d owed", who, before, err, len(owed))
				}
				if ok {
					helpers[who] = true
					oneEach(rt, owed, "console/"+who, OwedThanks, "console/maya", OwedYes)
				}
			case "release":
				after, owed, err = n.Release("console/"+who, nil, at)
				ok := ended == "" && helpers[who]
				if ok != (err == nil) {
					rt.Fatalf("release by %s of %s: %v", who, before, err)
				}
				if ok {
					raised := slices.ContainsFunc(owed, func(o Owed) bool { return o.What == OwedReopened })
					if raised != (len(helpers) == n.Wanted) {
						rt.Fatalf("raised again: %v, with %d helpers of %d", raised, len(helpers), n.Wanted)
					}
					delete(helpers, who)
					oneEach(rt, owed, "console/"+who, OwedReleased, "console/maya", OwedStepBack)
				}
			case "cancel":
				after, owed, err = n.Cancel("console/"+who, who == "kim", at)
				ok := (who == "maya" || who == "kim") && ended != Over
				if ok != (err == nil) {
					rt.Fatalf("cancel by %s of %s: %v", who, before, err)
				}
				if ok && ended == "" {
					ended = StateCancelled
					for h := range helpers {
						oneEach(rt, owed, "console/"+h, OwedCancelled)
					}
				} else if len(owed) > 0 {
					rt.Fatal("cancelling twice owes twice")
				}
			case "over":
				after, owed = n.Over(at)
				if len(owed) > 0 {
					rt.Fatal("over before its time")
				}
			}
			if fmt.Sprintf("%+v", n) != before {
				rt.Fatal("a rule changed what it was given")
			}
			if err != nil {
				if after.State() != n.State() {
					rt.Fatal("a refusal changed the state")
				}
				var said *Error
				if !errors.As(err, &said) || said.Say == "" {
					rt.Fatalf("a refusal without words: %v", err)
				}
				continue
			}
			n = after
			want := ended
			if want == "" {
				want = Open
				if len(helpers) >= n.Wanted {
					want = Covered
				}
			}
			if n.State() != want || len(n.Claims) != len(helpers) || len(n.Claims) > n.Wanted {
				rt.Fatalf("state %s with %d helpers, want %s with %d", n.State(), len(n.Claims), want, len(helpers))
			}
		}
	})
}

func oneEach(rt *rapid.T, owed []Owed, pairs ...any) {
	for i := 0; i < len(pairs); i += 2 {
		to, what := pairs[i].(string), pairs[i+1].(What)
		count := 0
		for _, o := range owed {
			if o.To == to && o.What == what && !o.Withdrawn {
				count++
			}
		}
		if count != 1 {
			rt.Fatalf("%s is owed %s %d times", to, what, count)
		}
	}
}

func TestMemberSeen(t *testing.T) {
	var m Member
	for i := range 30 {
		m, _ = m.Seen(person("maya"), fmt.Sprint("g", i))
	}
	if m.Group != "g29" || len(m.Groups) != maxGroups || m.Groups[0] != "g29" {
		t.Error(m)
	}
	if _, changed := m.Seen(person("maya"), "g29"); changed {
		t.Error("the same again is a change")
	}
	if m, _ = m.Seen(person("maya"), ""); m.Group != "g29" {
		t.Error("a direct message forgets the group")
	}
}

func TestNewID(t *testing.T) {
	seen := map[string]bool{}
	for range 10_000 {
		id, err := NewID(rand.Reader)
		if err != nil || len(id) != 6 || strings.Trim(id, idLetters) != "" {
			t.Fatal(id, err)
		}
		seen[id] = true
	}
	if len(seen) < 9_990 {
		t.Errorf("only %d different of 10,000", len(seen))
	}
	if _, err := NewID(bytes.NewReader(make([]byte, 3))); err == nil {
		t.Error("a source that ends is no error")
	}
}

func TestKeyring(t *testing.T) {
	oldKey := base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{1}, KeySize))
	newKey := base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{2}, KeySize))
	parse := func(s string) *Keyring {
		k, err := ParseKeyring(s)
		if err != nil {
			t.Fatal(err)
		}
		return k
	}
	sealed := parse(oldKey).Seal("ring twice", "g", "n", "details")
	if bytes.Contains(sealed, []byte("ring")) {
		t.Error("not sealed")
	}
	if words, err := parse(newKey+", "+oldKey).Open(sealed, "g", "n", "details"); err != nil || words != "ring twice" {
		t.Error("a changed key loses what was sealed", err)
	}
	for name, open := range map[string]func() (string, error){
		"another key":   func() (string, error) { return parse(newKey).Open(sealed, "g", "n", "details") },
		"another need":  func() (string, error) { return parse(oldKey).Open(sealed, "g", "m", "details") },
		"another group": func() (string, error) { return parse(oldKey).Open(sealed, "gn", "", "details") },
		"changed": func() (string, error) {
			return parse(oldKey).Open(append(slices.Clone(sealed[:20]), 0), "g", "n", "details")
		},
		"short": func() (string, error) { return parse(oldKey).Open([]byte("x"), "g", "n", "details") },
	} {
		if _, err := open(); !errors.Is(err, ErrSealed) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, bad := range []string{"", "x", oldKey + ",", base64.StdEncoding.EncodeToString([]byte("short"))} {
		if _, err := ParseKeyring(bad); !errors.Is(err, ErrBadKey) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}
