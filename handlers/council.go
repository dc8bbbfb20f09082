package handlers

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"village/bot"
	"village/handlers/records"
	"village/handlers/words"
	"village/internal/store"
	"village/internal/village"
	"village/internal/village/when"
	"village/scheduler"
)

// What is owed to the moderators goes to their channel. Where that cannot be
// written, or there is none, it goes to each of those who are known, one after
// the other; when none of them can be reached, the village channel reads it in
// words for everybody, and the member is told that they had better not wait.

// toModerators finds out, when something is due to the moderators, where they
// are by then.
func (a *App) toModerators(t *records.Tx, job due, j village.Notice) (scheduler.Delivery, error) {
	var g village.Group
	if err := t.Get(records.GroupKey(j.Group), &g); err != nil {
		return scheduler.Delivery{}, err
	}
	known, err := a.KnownModerators(t.Ctx, g.ID)
	if err != nil {
		return scheduler.Delivery{}, err
	}
	j.Council, j.Next = true, known
	if len(g.Moderation) == 0 && len(known) == 0 {
		return scheduler.Delivery{Then: store.Change{Jobs: publicly(job.Job, j, g)}}, nil
	}
	var jobs []store.Job
	for _, room := range g.Moderation {
		j.To = village.Address{Room: room.ID}
		jobs = append(jobs, councilJob(job.Job, j))
	}
	if len(jobs) == 0 {
		if jobs, err = a.nextModerator(t.Ctx, job.Job, j, false); err != nil {
			return scheduler.Delivery{}, err
		}
	}
	return scheduler.Delivery{Then: store.Change{Jobs: jobs}}, nil
}

// councilJob is one message to the moderators. It has its own place for each
// address, and is the same however often it is put.
func councilJob(from store.Job, j village.Notice) store.Job {
	sum := sha256.Sum256([]byte(from.ID + "\x00" + j.To.Person + j.To.Room + "\x00" + fmt.Sprint(j.Public)))
	id := "need/" + j.Need + "/" + string(j.What) + "/moderators/" + hex.EncodeToString(sum[:16])
	body, err := json.Marshal(j)
	if err != nil {
		panic(fmt.Sprintf("%T cannot be written as JSON: %v", j, err)) // a mistake in our own types
	}
	return store.Job{Partition: from.Partition, ID: id, Kind: records.KindNeedJob, Due: from.Due, Body: body}
}

// nextModerator is who is told next; when all were tried and none was reached,
// the village channel and the member.
func (a *App) nextModerator(ctx context.Context, from store.Job, j village.Notice, reached bool) ([]store.Job, error) {
	j.Reached = reached
	if len(j.Next) > 0 {
		if j.To.Room != "" {
			j.Instead = j.To.Room
		}
		j.To, j.Next = village.Address{Person: j.Next[0]}, j.Next[1:]
		return []store.Job{councilJob(from, j)}, nil
	}
	if reached {
		return nil, nil
	}
	var g village.Group
	if _, err := a.Read(ctx, records.GroupKey(j.Group), &g); err != nil {
		return nil, err
	}
	told, err := a.unheard(ctx, from, j)
	return append(publicly(from, j, g), told...), err
}

// publicly has the village channel read what is meant for the moderators.
func publicly(from store.Job, j village.Notice, g village.Group) []store.Job {
	var jobs []store.Job
	for _, room := range g.Rooms {
		j.To, j.Next, j.Public = village.Address{Room: room.ID}, nil, true
		jobs = append(jobs, councilJob(from, j))
	}
	return jobs
}

// unheard tells the member that no moderator could be reached, where that is
// something for them to know.
func (a *App) unheard(ctx context.Context, from store.Job, j village.Notice) ([]store.Job, error) {
	var n village.Need
	if _, err := a.Read(ctx, records.NeedKey(j.Group, j.Need), &n); err != nil {
		return nil, err
	}
	switch {
	case n.ID == "" || n.Member == village.Forgotten():
		return nil, nil
	case j.What == village.OwedHome || j.What == village.OwedUnposted || j.What == village.OwedLastYes || j.What == village.OwedSettled: // the member hears the same
		return nil, nil
	}
	told := village.Notice{Group: j.Group, Need: j.Need, What: village.OwedUnheard, For: j.What, To: village.Address{Person: n.Member.ID}, About: j.About}
	return []store.Job{councilJob(from, told)}, nil
}

// relay sees to it that what is for the moderators goes on to the next of them.
func (a *App) relay(ctx context.Context, job store.Job, j village.Notice, d *scheduler.Delivery) error {
	if j.To.Person != "" {
		jobs, err := a.nextModerator(ctx, job, j, true)
		if err != nil {
			return err
		}
		d.Then.Jobs = append(d.Then.Jobs, jobs...)
	}
	d.Unreachable = func(ctx context.Context, _ error) (store.Change, error) {
		var jobs []store.Job
		var err error
		if j.Public {
			jobs, err = a.unheard(ctx, job, j)
		} else {
			jobs, err = a.nextModerator(ctx, job, j, j.Reached)
		}
		return store.Change{Jobs: jobs}, err
	}
	return nil
}

// afterSession keeps what is owed to somebody until their own session is over.
// The other moderators do not wait for that.
func (a *App) afterSession(ctx context.Context, job store.Job, j village.Notice, until time.Time) (scheduler.Delivery, error) {
	now := job
	job.Due = until
	if !j.Council {
		return scheduler.Delivery{Then: store.Change{Jobs: []store.Job{job}}}, nil
	}
	jobs, err := a.nextModerator(ctx, now, j, j.Reached)
	if err != nil {
		return scheduler.Delivery{}, err
	}
	j.Next, j.Reached = nil, true
	later := councilJob(now, j)
	later.ID, later.Due = job.ID, until
	return scheduler.Delivery{Then: store.Change{Jobs: append(jobs, later)}}, nil
}

// unposted is what follows when a request cannot be posted: the member and the
// moderators hear of it, once, while it is new.
func (a *App) unposted(job store.Job, j village.Notice, n village.Need) store.Change {
	if n.State() != village.Open || n.Member == village.Forgotten() || a.Now().Sub(n.Asked) > time.Hour {
		return store.Change{}
	}
	var jobs []store.Job
	for _, to := range []string{n.Member.ID, village.Moderators} {
		told := village.Notice{Group: j.Group, Need: j.Need, What: village.OwedUnposted, To: village.Address{Person: to}, Closed: j.To.Room}
		jobs = append(jobs, councilJob(job, told))
	}
	return store.Change{Jobs: jobs}
}

// notHeard are the words to a member when somebody could not be reached.
func (a *App) notHeard(j village.Notice, n village.Need, what string) *bot.Message {
	zone := village.ZoneNamed(n.Zone)
	if j.What == village.OwedUnposted {
		return words.UnpostedWords(j, n, what)
	}
	const lost = "I could not reach any moderator of your group"
	m := &bot.Message{Title: "Please don't wait for the moderators", Tone: bot.Urgent, Notify: []string{j.To.Person},
		Buttons: []bot.Button{{Label: "See it", Command: "/need show " + n.ID}}}
	ahead := n.Why == "" && a.Now().Before(n.Start)
	switch j.For {
	case village.OwedUrgent:
		if !ahead || n.State() != village.Open {
			return nil
		}
		nobody := words.NobodyYet(n, what, zone, a.Now())
		nobody.Title, nobody.Notify = m.Title, m.Notify
		nobody.Text = lost + ", so please don't wait for them.\n\n" + strings.ReplaceAll(nobody.Text, "\n- Tell a moderator of this group.", "")
		return &nobody
	case village.OwedNoAnswer:
		if !ahead || !n.HelpedBy(j.About.ID) || !n.WantsStandIn() {
			return nil
		}
		m.Text = fmt.Sprintf("**%s** has not said yet whether it is still on: %s. %s about it. Please ring them yourself, or somebody else you know.", bot.Literal(j.About.Name), what, lost)
		if n.Kind.NeedsClinic() {
			m.Text += " If nobody can come, call your clinic before " + bot.Literal(when.Short(n.Start, zone)) + ": moving the appointment is all right."
		}
	case village.OwedApprove:
		if !ahead || !n.Waits(j.About.ID) {
			return nil
		}
		m.Text = fmt.Sprintf("**%s** offers to help and waits for a yes: %s. %s who could say it for you, so it needs your answer.", bot.Literal(j.About.Name), what, lost)
		m.Buttons = []bot.Button{
			{Label: "Yes, they may", Command: "/need approve " + n.ID + " " + j.About.ID, Style: bot.Primary},
			{Label: "No, thank you", Command: "/need decline " + n.ID + " " + j.About.ID}}
	case village.OwedNoWord:
		if slices.ContainsFunc(n.Claims, func(c village.Claim) bool { return c.Helper.ID == j.About.ID && !c.Home.IsZero() }) {
			return nil
		}
		m.Text = fmt.Sprintf("Nobody has told me yet that it is over: %s. %s to look after it. One tap tells me that all is well.", what, lost)
		m.Buttons, m.Footer = words.HomeButtons(n)[1:2], words.NoEmergency
	default:
		return nil
	}
	return m
}
