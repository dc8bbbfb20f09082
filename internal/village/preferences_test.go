package village

import (
	"testing"
	"time"
)

// Who wants to be left alone hears what cannot wait, and nothing else.
func TestLeftAlone(t *testing.T) {
	now := time.Date(2026, 12, 7, 19, 0, 0, 0, time.UTC)
	morning := now.Add(13 * time.Hour)
	near, far := Need{Start: now.Add(18 * time.Hour)}, Need{Start: now.Add(72 * time.Hour)}
	for what, want := range map[What]bool{OwedReminder: true, OwedStill: true, OwedThankYou: true, OwedYes: false, OwedUrgent: false, OwedUncovered: false, OwedStepBack: false, OwedApprove: false} {
		if waits := (Notice{What: what}).WaitsFor(morning, far, now); waits.Equal(morning) != want {
			t.Errorf("%s waits until %v", what, waits)
		}
		if waits := (Notice{What: what}).WaitsFor(morning, near, now); !waits.IsZero() {
			t.Errorf("%s of a ride that is near waits until %v", what, waits)
		}
		if waits := (Notice{What: what}).WaitsFor(now, far, now); !waits.IsZero() {
			t.Errorf("%s waits although the pause is over", what)
		}
	}
	for name, want := range map[string][2]bool{Fasting: {true, true}, TimeToGo: {false, true}, SessionToday: {false, true}, HomeRest: {false, true}, CheckIn: {}, PackBag: {}, Integration: {}} {
		step := Step{Name: name}
		if got := [2]bool{step.NeverPaused(false), step.NeverPaused(true)}; got != want {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
	p := Preferences{}.PausePlan("a", morning, now).PausePlan("b", now.Add(time.Hour), now)
	if !p.PlanUntil("a").Equal(morning) || !p.PlanUntil("c").IsZero() {
		t.Errorf("plans: %v", p.Plans)
	}
	if p = p.PausePlan("c", time.Time{}, now.Add(2*time.Hour)); len(p.Plans) != 1 {
		t.Errorf("what is over is kept: %v", p.Plans)
	}
	p.Paused, p.Away = morning, morning.Add(time.Hour)
	if !p.OwnUntil().Equal(p.Away) || !p.PlanUntil("a").Equal(p.Away) {
		t.Error("everything is more than some of it")
	}
	if p = p.Resume(); !p.OwnUntil().IsZero() || !p.PlanUntil("a").IsZero() {
		t.Errorf("not all goes on: %+v", p)
	}
}
