package handlers

import (
	"encoding/json"
	"fmt"

	"village/bot"
	"village/handlers/records"
	"village/handlers/words"
	"village/internal/store"
	"village/internal/village"
)

// ownLine says what a document of a person's own is.
func ownLine(d store.Doc) (string, error) {
	until := words.KeptUntil(d.Expires)
	switch d.Kind {
	case records.KindCourse:
		var c village.Course
		if err := json.Unmarshal(d.Body, &c); err != nil {
			return "", fmt.Errorf("reading a plan: %w", err)
		}
		what := "Your plan"
		if c.Draft {
			what = "A plan that you have not saved"
		}
		line := what + " (" + c.ID + ") of " + words.Count(len(c.Sessions), "session", "sessions") + ", the first on " + words.Moment(c.Sessions[0].Start, village.ZoneNamed(c.Zone)) +
			", with your clinic's rules and your changes to the reminders"
		return line + until, nil
	case records.KindDiary:
		var diary village.Diary
		if err := json.Unmarshal(d.Body, &diary); err != nil {
			return "", fmt.Errorf("reading check-ins: %w", err)
		}
		return "Your check-ins: " + words.Count(len(diary.Days), "day", "days") + until, nil
	case records.KindOwnReminder:
		var n village.OwnReminder
		if err := json.Unmarshal(d.Body, &n); err != nil {
			return "", fmt.Errorf("reading a note: %w", err)
		}
		return "Your own reminder: " + bot.Literal(n.Words) + until, nil
	case records.KindPreferences:
		return "How you want me to write to you: your voice, your quiet hours, your pause", nil
	}
	return "", fmt.Errorf("nobody knows what a document of kind %q is", d.Kind)
}
