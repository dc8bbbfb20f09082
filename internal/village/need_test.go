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

// The sister who brings somebody home may stay with them, and cook; she cannot
// drive somebody else meanwhile.
func TestWhatOnePersonCanDo(t *testing.T) {
	at := func(k Kind, member string, from, to int) Need {
		return Need{Kind: k, Member: person(member), Start: now.Add(time.Duration(from) * time.Hour), End: now.Add(time.Duration(to) * time.Hour)}
	}
	stay := at(StayWith, "maya", 3, 20)
	for _, tt := range []struct {
		other Need
		want  bool
	}{
		{at(RideHome, "maya", 3, 4), false}, {at(Meal, "maya", 6, 7), false}, {at(Childcare, "maya", 0, 20), false},
		{at(RideHome, "nia", 3, 4), true}, {at(Childcare, "nia", 5, 9), true}, {at(Errand, "maya", 5, 6), true}, {at(SchoolRun, "maya", 5, 6), true},
		{at(RideHome, "nia", 20, 21), false},
	} {
		if got := stay.Overlaps(tt.other); got != tt.want {
			t.Errorf("staying with maya and %s for %s: %v", tt.other.Kind, tt.other.Member.Name, got)
		}
		if got := tt.other.Overlaps(stay); got != tt.want {
			t.Errorf("%s for %s and staying with maya: %v", tt.other.Kind, tt.other.Member.Name, got)
		}
	}
	if !at(RideHome, "maya", 3, 4).Overlaps(at(Childcare, "maya", 0, 20)) {
		t.Error("somebody drives and is with the children at once")
	}
}

func TestKept(t *testing.T) {
	n := ride(t)
	if n.DetailsKept() != 48*time.Hour || !n.DetailsUntil().Equal(n.End.Add(KeepDetails)) || !n.KeptUntil().Equal(n.End.Add(KeepNeed)) {
		t.Error("not the usual ones")
	}
	n.KeepDetails, n.Keep = 36, 30
	if n.DetailsKept() != 36*time.Hour || !n.DetailsUntil().Equal(n.End.Add(36*time.Hour)) {
		t.Error("the group's own hours are not kept")
	}
	if !n.KeptUntil().Equal(n.End.AddDate(0, 0, 30)) {
		t.Error("the group's own is not kept")
	}
}
