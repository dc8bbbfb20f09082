package slack

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"village/bot"
	"village/bot/slack/slacktest"
)

// In the conversation with the bot a picture is shown, with its words for those
// who cannot see it.
func TestAPictureIsShown(t *testing.T) {
	r := online(t)
	r.Slash(slacktest.Team, slacktest.DirectChannel("U0MAYA"), "U0MAYA", "/chart", "")
	shown := r.WaitMessage("the picture", func(m slacktest.Message) bool { return m.File != nil })
	if shown.To() != "U0MAYA" || string(shown.File.Data) != "\x89PNG" || shown.File.Alt != "A line that rises" || shown.File.Name != "weeks.png" {
		t.Errorf("shown: %+v of %+v", shown.File, shown)
	}
	if m := r.WaitText("U0MAYA", "Two of six."); strings.Contains(m.Words(), "A line that rises") {
		t.Errorf("the words are said twice: %q", m.Words())
	}
}

// In a room nothing stays of an answer that one person sees, so no file is made:
// the picture's words stand for it.
func TestNoPictureStaysInARoom(t *testing.T) {
	r := online(t)
	r.slash("U0MAYA", "/chart", "")
	if m := r.WaitText("U0MAYA", "A line that rises"); !m.Ephemeral {
		t.Errorf("shown: %+v", m)
	}
	if calls := r.Calls("files.getUploadURLExternal"); len(calls) > 0 {
		t.Error("a file was made")
	}
}

// When Slack does not take a picture, its words stand for it; nothing is sent to
// where only the answer says that Slack is.
func TestAPictureThatIsRefused(t *testing.T) {
	stranger := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, req *http.Request) {
		t.Errorf("%s was told to a stranger, with %q", req.URL, req.Header.Get("Authorization"))
	}))
	defer stranger.Close()
	for name, spoil := range map[string]func(r *rig){
		"no right to":  func(r *rig) { r.Fail("files.getUploadURLExternal", slacktest.Fault{Error: "missing_scope"}) },
		"not taken":    func(r *rig) { r.Fail("upload", slacktest.Fault{Status: http.StatusForbidden}) },
		"not shown":    func(r *rig) { r.Fail("files.completeUploadExternal", slacktest.Fault{Error: "no_permission"}) },
		"a stranger":   func(r *rig) { r.UploadTo(stranger.URL + "/upload") },
		"no address":   func(r *rig) { r.UploadTo("::") },
		"another kind": func(r *rig) { r.UploadTo("file:///etc/hostname") },
	} {
		t.Run(name, func(t *testing.T) {
			r := online(t)
			spoil(r)
			r.Slash(slacktest.Team, slacktest.DirectChannel("U0MAYA"), "U0MAYA", "/chart", "")
			if m := r.WaitText("U0MAYA", "A line that rises"); m.File != nil || !strings.Contains(m.Words(), "Two of six.") {
				t.Errorf("shown: %q", m.Words())
			}
		})
	}
}

// A file can stand in no answer that one person sees in a room, so it comes into the
// conversation with the bot; so does one that nobody asked for just now.
func TestAFileIsGiven(t *testing.T) {
	r := online(t)
	r.slash("U0MAYA", "/entry", "")
	m := r.WaitText("U0MAYA", "Here it is.")
	if !m.Ephemeral || !strings.Contains(m.Words(), "As an e-mail") || strings.Contains(m.Words(), "text message") {
		t.Errorf("said: %q", m.Words())
	}
	given := r.WaitMessage("the file", func(m slacktest.Message) bool { return m.File != nil })
	if given.Channel != slacktest.DirectChannel("U0MAYA") || given.File.Name != "calendar.ics" || string(given.File.Data) != "BEGIN:VCALENDAR" {
		t.Errorf("given: %+v of %+v", given.File, given)
	}
	_, err := r.p.Send(t.Context(), bot.Outgoing{To: bot.Address{Person: "slack/U0SAM"}, Message: bot.Message{Text: "To keep.", File: &bot.File{Name: "b.ics", Data: []byte("BEGIN")}}})
	if err != nil {
		t.Fatal(err)
	}
	r.WaitMessage("the file", func(m slacktest.Message) bool {
		return m.File != nil && m.File.Name == "b.ics" && m.Channel == slacktest.DirectChannel("U0SAM")
	})
}
