package slack

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
)

// From a thread, where slash commands do not arrive, there is the menu of shortcuts: an
// answer opens in a window of its own, and what needs words opens its form.
func TestFromAnywhere(t *testing.T) {
	r := online(t)
	r.Anywhere("U0MAYA", "village/1/any/lines")
	r.WaitView("U0MAYA", "People who answer.")
	r.Anywhere("U0MAYA", "village/1/any/nothing")
	r.Anywhere("U0MAYA", "another/app")
	r.slash("U0MAYA", "/echo", "still here")
	r.WaitText("U0MAYA", "You said: still here")
}

// Two programs on one app token took each other's events, and neither log said so.
func TestAnotherProgramOnTheSameToken(t *testing.T) {
	r := offline(t)
	r.p.sockets.Store(1) // its own is open
	var said bytes.Buffer
	r.p.log = slog.New(slog.NewTextHandler(&said, nil))
	r.p.crowded(1)
	r.p.crowded(2) // the socket that is replaced still counts
	if said.Len() > 0 || strings.Contains(checked(t, r), "app token, and each event") {
		t.Errorf("alone it says %q", said.String())
	}
	r.p.crowded(3)
	r.p.crowded(3)
	if strings.Count(said.String(), "another program uses this app token") != 1 {
		t.Errorf("with another program it says %q", said.String())
	}
	if got := checked(t, r); !strings.Contains(got, "1 more connections to Slack use this app token") {
		t.Errorf("the check says %q", got)
	}
}

func checked(t *testing.T, r *rig) string {
	t.Helper()
	var out strings.Builder
	for _, f := range r.p.Check(t.Context(), r.table()) {
		out.WriteString(f.Say + "\n")
	}
	return out.String()
}
