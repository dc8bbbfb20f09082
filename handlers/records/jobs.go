package records

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"village/internal/store"
	"village/internal/village"
)

// The kinds of job.
const (
	KindNeedJob     = "need" // a village.Notice
	KindPlanJob     = "plan"
	KindReminderJob = "reminder"
	KindDigestJob   = "digest"
	KindReportJob   = "report"
	KindWorryJob    = "worry"
	KindRoomJob     = "room"
)

// DigestJob is the next digest of a group in one of its rooms (ID).
type DigestJob struct {
	Group string `json:"group"`
	Room  string `json:"room"`
}

// ReportJob tells the moderators about an answer. It does not say who tapped,
// because it does not know.
type ReportJob struct {
	To    village.Address `json:"to"`
	Topic string          `json:"topic"`
}

// PlanJob is a promise of a plan. It names no person: whose it is stands in
// the plan, and what is said is looked up when it is said.
type PlanJob struct {
	Group   string `json:"group"`
	Course  string `json:"course"`
	Session string `json:"session"`
	Name    string `json:"name"`
	Part    string `json:"part,omitempty"`
}

// Key is the key of the step that the job says, see village.Step.
func (j PlanJob) Key() string {
	return village.Step{Session: j.Session, Name: j.Name, Part: j.Part}.Key()
}

// NoticeJob is the one promise of its kind about a need to somebody.
func NoticeJob(partition string, due time.Time, j village.Notice) store.Job {
	return NoticeJobAt(partition, JobID(j.Need, village.Owed{What: j.What, Standing: true}, j.To, 0), due, j)
}

// NoticeJobAt is a promise about a need under a name of its own.
func NoticeJobAt(partition, id string, due time.Time, j village.Notice) store.Job {
	body, err := json.Marshal(j)
	if err != nil {
		panic(fmt.Sprintf("%T cannot be written as JSON: %v", j, err)) // a mistake in our own types
	}
	return store.Job{Partition: partition, ID: id, Kind: KindNeedJob, Due: due, Body: body, Urgent: j.Urgent()}
}

// NoticeJobs are notices that follow from a job, due as it was. Each has its own
// place for its address, and is the same however often it is put.
func NoticeJobs(from store.Job, notices ...village.Notice) []store.Job {
	var jobs []store.Job
	for _, j := range notices {
		cause := from.ID
		if j.Public { // it names nobody, so it is said once about them all
			cause = ""
		}
		sum := sha256.Sum256([]byte(cause + "\x00" + j.To.Person + j.To.Room + "\x00" + fmt.Sprint(j.Public)))
		id := "need/" + j.Need + "/" + string(j.What) + "/moderators/" + hex.EncodeToString(sum[:16])
		body, err := json.Marshal(j)
		if err != nil {
			panic(fmt.Sprintf("%T cannot be written as JSON: %v", j, err)) // a mistake in our own types
		}
		jobs = append(jobs, store.Job{Partition: from.Partition, ID: id, Kind: KindNeedJob, Due: from.Due, Body: body, Urgent: j.Urgent()})
	}
	return jobs
}
