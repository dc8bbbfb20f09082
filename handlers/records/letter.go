package records

import (
	"context"
	"encoding/json"
	"time"

	"village/internal/store"
	"village/internal/village"
)

// KindLetterJob is a mail to somebody with a link, or what became of one.
const KindLetterJob = "letter"

// Letter is what a letter job says.
type Letter struct {
	Group string `json:"group"`
	// Family is whom it is about (an ID), By whoever asked them.
	Family string         `json:"family"`
	By     village.Person `json:"by"`
	What   string         `json:"what"`
	// Notice is what is told, and Message how, of a LetterNotice.
	Notice  village.Notice  `json:"notice,omitzero"`
	Message json.RawMessage `json:"message,omitempty"`
}

// What a letter can be.
const (
	LetterNotice = "notice"    // what their page tells them
	LetterAsks   = "asks"      // may I write to you here?
	LetterBack   = "came-back" // to whoever asked them: mail to them came back
)

// Urgent says that somebody waits for it.
func (l Letter) Urgent() bool { return l.What == LetterAsks || l.Notice.Urgent() }

// IsAbout says whether it names somebody.
func (l Letter) IsAbout(person string) bool {
	return l.Family == person || l.By.ID == person || l.Notice.About.ID == person
}

// ChangeFamily changes somebody with a link by a rule, and puts a letter where it gives
// one; where there is nobody, no rule is asked. The error is the rule's, or the store's.
func (rec *Records) ChangeFamily(ctx context.Context, group, id string, rule func(t *Tx, f village.Family) (village.Family, error)) error {
	return rec.Change(ctx, GroupPartition(group), func(t *Tx) error {
		var f village.Family
		if err := t.Get(FamilyKey(group, id), &f); err != nil || f.ID == "" {
			return err
		}
		f, err := rule(t, f)
		if err == nil {
			t.PutFamily(group, f)
		}
		return err
	})
}

// LetterJob is a letter to be sent now. name tells it from others.
func LetterJob(partition, name string, at time.Time, l Letter) store.Job {
	body, err := json.Marshal(l)
	if err != nil {
		panic("a letter cannot be written as JSON: " + err.Error()) // a mistake in our own types
	}
	return store.Job{Partition: partition, ID: "letter/" + name, Kind: KindLetterJob, Due: at, Body: body, Urgent: l.Urgent()}
}
