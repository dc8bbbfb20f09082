package slack

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"village/bot"
	"village/bot/slack/slacktest"
)

func TestFormRoundTrip(t *testing.T) {
	r := online(t)
	r.slash("U0MAYA", "/ride", "")
	v := r.WaitView("U0MAYA", "Ask for a ride")
	if got := strings.Join(v.Labels(), "|"); got != "When|At what time?|From|What|Driver|Private" {
		t.Errorf("the form asks for %s", got)
	}
	for label, kind := range map[string]string{"When": "datepicker", "At what time?": "timepicker", "From": "plain_text_input", "What": "static_select", "Driver": "users_select"} {
		if v.Kind(label) != kind {
			t.Errorf("%s is a %s", label, v.Kind(label))
		}
	}
	env := r.Submit(v, map[string]string{"When": "2026-12-08", "At what time?": "13:00", "From": "the clinic <b>", "What": "A ride home", "Driver": "U0SAM", "Private": "Blue door\nring twice"})
	m := r.WaitText("U0MAYA", "Ride: 2026-12-08 13:00")
	if !m.Ephemeral || m.Channel != "C0VILLAGE" {
		t.Errorf("the answer went to %+v", m)
	}
	if payload := r.WaitAck(env); len(payload) > 0 && string(payload) != "null" {
		t.Errorf("the form was answered with %s", payload)
	}
	got := r.request()
	want := map[string]string{"when": "2026-12-08 13:00", "from": "the clinic <b>", "need": "home", "driver": "slack/U0SAM", "private": "Blue door\nring twice"}
	for name, value := range want {
		if got.Arg(name) != value {
			t.Errorf("%s is %q instead of %q", name, got.Arg(name), value)
		}
	}
	if !got.Submitted || got.Room.Name != "village" || got.Once == "" {
		t.Errorf("the handler saw %+v", got)
	}
}

// Days, hours and several things are picked, and words beside them say more, or all of
// it; the zone stands on the clock.
func TestPickersAndWordsTogether(t *testing.T) {
	r := online(t)
	for i, c := range []struct {
		fill map[string]string
		want string
	}{
		{map[string]string{"When": "2026-12-08", "At what time?": "13:00", "Help": "ride home, meal"}, "Planned 2026-12-08 13:00 with ride home, meal."},
		{map[string]string{"When": "2026-12-08", "At what time?": "13:00", "village/1/o/when/more": "dec 11", "Help": "meal", "village/1/o/help/more": "school run 3pm"}, "Planned 2026-12-08, dec 11 at 13:00 with meal, school run 3pm."},
		{map[string]string{"village/1/o/when/more": "dec 8 and 11 at 1pm"}, "Planned dec 8 and 11 at 1pm with ."},
	} {
		r.slash("U0MAYA", "/plan", "")
		r.WaitFor("the form", func() bool { return len(r.Views()) > i })
		v := r.Views()[i]
		if v.Kind("When") != "datepicker" || v.Kind("At what time?") != "timepicker" || v.Kind("Help") != "multi_static_select" {
			t.Errorf("the form asks with %v", v.Blocks)
		}
		if blocks, err := json.Marshal(v.Blocks); err != nil || !strings.Contains(string(blocks), `"timezone":"America/Denver"`) {
			t.Errorf("the zone is not named in %s, %v", blocks, err)
		}
		r.Submit(v, c.fill)
		r.WaitText("U0MAYA", c.want)
	}
}

func TestMistakeStaysInTheForm(t *testing.T) {
	r := online(t)
	r.slash("U0MAYA", "/ride", "")
	v := r.WaitView("U0MAYA", "Ask for a ride")
	r.Submit(v, map[string]string{"When": "2026-12-08", "At what time?": "13:00", "From": "nowhere", "What": "home", "Driver": "U0SAM", "Private": "Blue door"})
	v = r.WaitView("U0MAYA", "I don't know that place.")
	for label, value := range map[string]string{"When": "2026-12-08", "At what time?": "13:00", "From": "nowhere", "What": "home", "Driver": "U0SAM", "Private": "Blue door"} {
		if got := v.Value(label); got != value {
			t.Errorf("%s holds %q instead of %q", label, got, value)
		}
	}
	r.Submit(v, map[string]string{"From": "the clinic"})
	r.WaitText("U0MAYA", "Ride: 2026-12-08 13:00 from the clinic (home) by slack/U0SAM")
}

// A sixth field, of what was typed before the form, travels in the metadata; too
// much for it becomes a field.
func TestWhatIsKnownIsNotLost(t *testing.T) {
	r := online(t)
	r.slash("U0MAYA", "/ride", "when: thu 1pm note: bring a blanket")
	v := r.WaitView("U0MAYA", "Ask for a ride")
	if strings.Contains(strings.Join(v.Labels(), "|"), "When") {
		t.Errorf("the form asks for what is known: %v", v.Labels())
	}
	r.Submit(v, map[string]string{"From": "home"})
	r.WaitText("U0MAYA", "Ride: thu 1pm from home")
	if note := r.request().Arg("note"); note != "bring a blanket" {
		t.Errorf("the note is %q", note)
	}

	long := strings.Repeat("a blanket, ", 270)
	r.slash("U0MAYA", "/ride", "when: thu 2pm note: "+long)
	r.WaitFor("the second form", func() bool { return len(r.Views()) == 2 })
	v = r.Views()[1]
	if got := v.Value("Note"); got != strings.TrimSpace(long) {
		t.Errorf("the note holds %d characters of %d", len(got), len(long))
	}
	r.Submit(v, map[string]string{"From": "home"})
	r.WaitText("U0MAYA", "Ride: thu 2pm from home")
	if note := r.request().Arg("note"); note != strings.TrimSpace(long) {
		t.Errorf("the note has %d characters", len(note))
	}
}

func TestWordsForATimeStayInTheForm(t *testing.T) {
	meta := formMeta{}
	for value, kinds := range map[string]string{
		"":                 "date+time",
		"2026-12-08":       "date+time",
		"13:00":            "date+time",
		"2026-12-08 13:00": "date+time",
		"thu 1pm":          "text",
		"2026-13-08":       "text",
		"2026-12-08 1pm":   "text",
	} {
		v, err := formView(bot.Form{Title: "T", Path: []string{"ride"}, Fields: []bot.FormField{{Option: bot.Option{Name: "when", Summary: "when", Kind: bot.Time}, Value: value}}}, meta, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		data, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		got := "text"
		if strings.Contains(string(data), `"datepicker"`) && strings.Contains(string(data), `"timepicker"`) {
			got = "date+time"
		}
		if got != kinds {
			t.Errorf("%q is asked for with %s", value, got)
		}
		for _, word := range strings.Fields(value) {
			if !strings.Contains(string(data), word) {
				t.Errorf("%q lost %q", value, word)
			}
		}
	}
}

func TestExpiredTriggerOffersAButton(t *testing.T) {
	r := online(t)
	r.NewTriggersExpire()
	r.slash("U0MAYA", "/ride", "when: thu 1pm")
	m := r.WaitText("U0MAYA", "open the form")
	r.Heal("views.open")
	r.Press(m, "U0MAYA", "Open the form")
	v := r.WaitView("U0MAYA", "Ask for a ride")
	r.Submit(v, map[string]string{"From": "home"})
	r.WaitText("U0MAYA", "Ride: thu 1pm from home")
}

func TestFormAfterWordsInADirectMessage(t *testing.T) {
	r := online(t)
	r.DM("U0MAYA", " /ride")
	m := r.WaitText("U0MAYA", "open the form")
	r.Press(m, "U0MAYA", "Open the form")
	r.WaitView("U0MAYA", "Ask for a ride")
}

func TestSlowFormIsAcknowledgedInTime(t *testing.T) {
	r := online(t, func(r *rig) { r.p.ackBy = time.Millisecond })
	r.slash("U0MAYA", "/ride", "when: thu 1pm")
	v := r.WaitView("U0MAYA", "Ask for a ride")
	env := r.Submit(v, map[string]string{"From": "slowly home"})
	if payload := r.WaitAck(env); !strings.Contains(string(payload), "One moment") {
		t.Errorf("acknowledged with %s", payload)
	}
	close(r.slow)
	r.WaitText("U0MAYA", "Ride: thu 1pm from slowly home")
	r.WaitView("U0MAYA", "Done.")
}

func TestSlowMistakeBringsTheFormBack(t *testing.T) {
	r := online(t, func(r *rig) { r.p.ackBy = time.Millisecond })
	r.slash("U0MAYA", "/ride", "when: thu 1pm")
	v := r.WaitView("U0MAYA", "Ask for a ride")
	r.WaitAck(r.Submit(v, map[string]string{"From": "slow nowhere", "Private": "Blue door"}))
	close(r.slow)
	v = r.WaitView("U0MAYA", "I don't know that place.")
	if v.Value("Private") != "Blue door" || v.Value("From") != "slow nowhere" {
		t.Errorf("the form lost what was typed: %q, %q", v.Value("Private"), v.Value("From"))
	}
}

// Somebody closed the form that was told to wait: the answer still reaches them.
func TestClosedWhileWaiting(t *testing.T) {
	r := online(t, func(r *rig) { r.p.ackBy = time.Millisecond })
	r.slash("U0MAYA", "/ride", "when: thu 1pm")
	v := r.WaitView("U0MAYA", "Ask for a ride")
	r.WaitAck(r.Submit(v, map[string]string{"From": "slow nowhere"}))
	r.CloseView(v)
	close(r.slow)
	r.WaitText("U0MAYA", "I don't know that place.")
}

func TestLargeMistakeFitsTheSocket(t *testing.T) {
	v, err := formView(bot.Form{Title: "T", Path: []string{"ride"}, Fields: []bot.FormField{{Option: bot.Option{Name: "from", Summary: "from"}}}},
		formMeta{}, []bot.Message{{Text: strings.Repeat("Too long. ", 1700)}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(submissionAnswer(v, []bot.Message{{Text: strings.Repeat("Too long. ", 1700)}}))
	if err != nil {
		t.Fatal(err)
	}
	if len(data) >= 20_000 || !strings.Contains(string(data), `"errors"`) || !strings.Contains(string(data), "Too long.") {
		t.Errorf("%d bytes: %.200s", len(data), data)
	}
}

func TestLookupWhileTyping(t *testing.T) {
	r := online(t)
	r.slash("U0MAYA", "/zone", "")
	v := r.WaitView("U0MAYA", "Your zone")
	if v.Kind("Zone") != "external_select" {
		t.Fatalf("the zone is a %s", v.Kind("Zone"))
	}
	if payload := r.WaitAck(r.Suggest(v, "Zone", "ber")); !strings.Contains(string(payload), `"Europe/Berlin"`) || !strings.Contains(string(payload), "Berlin (ber)") {
		t.Errorf("suggested: %s", payload)
	}
	r.Submit(v, map[string]string{"Zone": "Europe/Berlin"})
	r.WaitText("U0MAYA", "Zone Europe/Berlin")
}

func TestFormFromAButton(t *testing.T) {
	r := online(t)
	r.slash("U0MAYA", "/card", "")
	r.Press(r.WaitText("U0MAYA", "Please choose."), "U0MAYA", "Fill in")
	v := r.WaitView("U0MAYA", "Ask for a ride")
	r.Submit(v, map[string]string{"When": "2026-12-08", "At what time?": "13:00", "From": "home"})
	r.WaitText("U0MAYA", "Ride: 2026-12-08 13:00 from home")
}

func TestMessageShortcut(t *testing.T) {
	r := online(t)
	r.OnMessage("C0VILLAGE", "U0MAYA", "U0MAYA", "village/1/own/echo", "can I &amp; may I eat")
	r.WaitText("U0MAYA", "You said: can I & may I eat")
	r.OnMessage("C0VILLAGE", "U0MAYA", "U0SAM", "village/1/own/echo", "sam's secret")
	m := r.WaitText("U0MAYA", "you wrote yourself")
	if strings.Contains(m.Words(), "secret") || r.request().Arg("words") != "can I & may I eat" {
		t.Error("somebody else's message was used")
	}
}

func TestHomeTab(t *testing.T) {
	r := online(t)
	r.OpenHome("U0MAYA")
	home := r.WaitHome("U0MAYA", "Counted so far: 0.")
	r.PressInView(home, "Count one")
	r.WaitView("U0MAYA", "That was number 1.")
	r.WaitHome("U0MAYA", "Counted so far: 1.")
	for _, m := range r.Messages() {
		t.Errorf("the Home tab's answer was also posted: %+v", m)
	}
	// while it is open it follows what happens elsewhere: what they do, and what they are told
	r.slash("U0MAYA", "/count", "")
	r.WaitHome("U0MAYA", "Counted so far: 2.")
	r.slash("U0SAM", "/count", "")
	r.WaitText("U0SAM", "That was number 3.")
	if _, err := r.p.Send(t.Context(), bot.Outgoing{To: bot.Address{Person: "slack/U0MAYA"}, Message: bot.Message{Text: "Sam counted."}}); err != nil {
		t.Fatal(err)
	}
	r.WaitHome("U0MAYA", "Counted so far: 3.")
	if slacktest.DirectChannel("U0MAYA") != "D0MAYA" {
		t.Error("the direct channel has another name")
	}
}

// When something went wrong on our side, no form opens over the apology; one tap tries
// again, with the same words.
func TestNoFormOverAnApology(t *testing.T) {
	r := online(t)
	r.slash("U0MAYA", "/ride", "thu 1pm from: the broken bridge")
	sorry := r.WaitText("U0MAYA", "Something went wrong on my side")
	if n := len(r.Views()); n != 0 {
		t.Errorf("%d forms have opened", n)
	}
	r.Press(sorry, "U0MAYA", "Try again")
	r.WaitText("U0MAYA", "Ride: thu 1pm from the broken bridge")
}
