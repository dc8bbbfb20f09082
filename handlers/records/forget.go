package records

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"village/internal/store"
	"village/internal/village"
)

// Kept is a kind of document about people: where those about somebody are listed,
// and what becomes of one when they are forgotten.
type Kept struct {
	Kind  string
	Index func(person string) string
	// Forget takes a person out of a document; nil where the document goes.
	Forget func(rec *Records, ctx context.Context, d Document, person string) error
}

// Document is one about somebody, and the group it is in; "" for what stands apart
// from any group.
type Document struct {
	store.Doc
	Group string
}

// AboutPeople are the kinds of document about people that are kept here, beside
// Member, which is read by its key. A no to somebody's help (Bar, or a Trust without
// a yes about somebody else) is not among them: it is listed for nobody, and stays.
func AboutPeople() []Kept {
	return []Kept{
		{Kind: KindNeed, Index: PersonIndex, Forget: (*Records).forgetNeed},
		{Kind: KindNeed, Index: SteppedIndex, Forget: (*Records).forgetNeed},
		{Kind: KindCourse, Index: PersonIndex, Forget: (*Records).forgetCourse},
		{Kind: KindDetails, Index: PersonIndex},
		{Kind: KindHelper, Index: PersonIndex},
		{Kind: KindModerator, Index: PersonIndex},
		{Kind: KindTrust, Index: PersonIndex},
		{Kind: KindDiary, Index: PersonIndex},
		{Kind: KindScores, Index: PersonIndex},
		{Kind: KindEntry, Index: PersonIndex},
		{Kind: KindWaiting, Index: PersonIndex},
		{Kind: KindPreferences, Index: PersonIndex},
		{Kind: KindOwnReminder, Index: PersonIndex},
		{Kind: KindWorry, Index: PersonIndex},
		{Kind: KindHeld, Index: PersonIndex},
		{Kind: KindCalendar, Index: PersonIndex, Forget: (*Records).forgetCalendar},
		{Kind: KindFamily, Index: PersonIndex, Forget: (*Records).forgetFamily},
		{Kind: KindNews, Index: PersonIndex},
		{Kind: KindAct, Index: ActIndex, Forget: (*Records).forgetAct},
	}
}

// About finds every document about a person (an ID) that stands apart from any group
// ("") or in one of these.
func (rec *Records) About(ctx context.Context, kinds []Kept, person string, groups ...string) ([]Document, error) {
	var indexes []string
	for _, k := range kinds {
		if name := k.Index(person); !slices.Contains(indexes, name) {
			indexes = append(indexes, name)
		}
	}
	var docs []Document
	for _, group := range groups {
		partition := MemberPartition(person)
		if group != "" {
			partition = GroupPartition(group)
		}
		for _, index := range indexes {
			found, err := rec.All(ctx, store.Query{Partition: partition, Index: index})
			if err != nil {
				return nil, err
			}
			if index == ActIndex(person) { // whose IDs keep the order in which they were done
				slices.SortFunc(found, func(a, b store.Doc) int { return strings.Compare(a.ID, b.ID) })
			}
			for _, d := range found {
				docs = append(docs, Document{d, group})
			}
		}
	}
	return docs, nil
}

// Forget removes a person (an ID) from everything that is kept: first what is still
// ahead ends by its rules, then every document and promise that names them goes or
// names nobody.
func (rec *Records) Forget(ctx context.Context, kinds []Kept, person string, groups ...string) error {
	for _, group := range groups {
		if err := rec.forgetDocuments(ctx, kinds, person, group); err != nil {
			return err
		}
		if err := rec.forgetNotices(ctx, group, person); err != nil {
			return err
		}
	}
	if err := rec.forgetDocuments(ctx, kinds, person, ""); err != nil {
		return err
	}
	if err := rec.forgetJobs(ctx, person); err != nil {
		return err
	}
	return rec.RemoveDoc(ctx, MemberKey(person))
}

func (rec *Records) forgetDocuments(ctx context.Context, kinds []Kept, person, group string) error {
	docs, err := rec.About(ctx, kinds, person, group)
	if err != nil {
		return err
	}
	for _, d := range docs {
		forget := (*Records).forgetDocument
		if i := slices.IndexFunc(kinds, func(k Kept) bool { return k.Kind == d.Kind }); i >= 0 && kinds[i].Forget != nil {
			forget = kinds[i].Forget
		}
		if err := forget(rec, ctx, d, person); err != nil {
			return err
		}
	}
	return nil
}

func (rec *Records) forgetDocument(ctx context.Context, d Document, _ string) error {
	return rec.RemoveDoc(ctx, d.Key)
}

func (rec *Records) forgetNeed(ctx context.Context, d Document, person string) error {
	_, err := rec.ChangeNeed(ctx, d.Group, d.ID, func(t *Tx, _ village.Group, n village.Need) (village.Need, []village.Owed, error) {
		after, owed := n.Forget(person, rec.Busy(t, d.Group, n), rec.now())
		return after, owed, nil
	})
	return err
}

func (rec *Records) forgetCourse(ctx context.Context, d Document, _ string) error {
	return rec.ForgetCourse(ctx, d.Group, d.ID)
}

// forgetNotices takes back what a group still owes to a person, and keeps what it
// owes to others about them without their name.
func (rec *Records) forgetNotices(ctx context.Context, group, person string) error {
	jobs, err := rec.pending(ctx, GroupPartition(group))
	if err != nil {
		return err
	}
	return rec.Change(ctx, GroupPartition(group), func(t *Tx) error {
		for _, job := range jobs {
			var l Letter
			if job.Kind == KindLetterJob && json.Unmarshal(job.Body, &l) == nil && l.IsAbout(person) {
				t.Cancel(job.ID)
				continue
			}
			var j village.Notice
			if job.Kind != KindNeedJob || json.Unmarshal(job.Body, &j) != nil {
				continue
			}
			switch after, owed, changed := j.Forget(person); {
			case !owed:
				t.Cancel(job.ID)
			case changed:
				t.PutJob(job.ID, job.Kind, job.Due, after)
			}
		}
		return nil
	})
}

// forgetJobs takes back what is owed to a person apart from any group.
func (rec *Records) forgetJobs(ctx context.Context, person string) error {
	jobs, err := rec.pending(ctx, MemberPartition(person))
	if err != nil {
		return err
	}
	for some := range slices.Chunk(jobs, store.MaxItems) {
		if err := rec.Change(ctx, MemberPartition(person), func(t *Tx) error {
			for _, j := range some {
				t.Cancel(j.ID)
			}
			return nil
		}); err != nil {
			return err
		}
	}
	return nil
}

func (rec *Records) pending(ctx context.Context, partition string) ([]store.Job, error) {
	jobs, err := rec.store.Pending(ctx, partition, 0)
	if err != nil {
		return nil, fmt.Errorf("listing what is owed: %w", err)
	}
	return jobs, nil
}
