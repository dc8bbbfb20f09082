package records

import (
	"strings"

	"village/internal/village"
)

type DigestJob struct {
	Group string `json:"group"`
	Room  string `json:"room"`
}

const KindDigestJob = "digest"

const KindReportJob = "report"

// ReportJob tells the moderators about an answer. It does not say who tapped,
// because it does not know.
type ReportJob struct {
	To    village.Address `json:"to"`
	Topic string          `json:"topic"`
}

// The kinds of job.
const (
	KindNeedJob     = "need"
	KindReminderJob = "reminder"
)

const KindPlanJob = "plan"

// PlanJob is a promise of a plan. It names no person: whose it is stands in
// the plan, and what is said is looked up when it is said.
type PlanJob struct {
	Group   string `json:"group"`
	Course  string `json:"course"`
	Session string `json:"session"`
	Name    string `json:"name"`
	Part    string `json:"part,omitempty"`
}

func (j PlanJob) Key() string {
	return village.Step{Session: j.Session, Name: j.Name, Part: j.Part}.Key()
}

const KindRoomJob = "room"

// RoomJob is news for a moderator about a channel.
type RoomJob struct {
	Room string          `json:"room"`
	To   village.Address `json:"to"`
	What string          `json:"what"`
}

// What has happened to a channel.
const (
	RoomClosed   = "closed"
	RoomReposted = "reposted"
)

func RoomJobID(room, what string, to village.Address) string {
	return strings.Join([]string{"room", KeyPart(room), what, KeyPart(to.Person + to.Room)}, "/")
}
