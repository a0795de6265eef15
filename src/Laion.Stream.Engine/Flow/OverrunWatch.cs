namespace LaionStream.Engine.Flow;

/// <summary>
/// Finds the stages' calls that outlive their limit. A call is due for a report when it has worked for its stage's limit and the grace, then again each time
/// that time has doubled. Only looks: it stops nothing, since a thread in an endless loop or in native code cannot be stopped from outside.
/// </summary>
/// <param name="gauges">The stages; each has its limit, and learns how many of its calls are beyond it.</param>
/// <param name="stageLimit">For stages without a limit of their own.</param>
/// <param name="grace">What a call may take beyond its limit before anyone hears of it: a limit is noticed a little after it has passed.</param>
internal sealed class OverrunWatch(FlowGauges gauges, TimeSpan stageLimit, TimeSpan grace)
{
    private readonly List<StageWork> _works = [];

    /// <summary>Looks at every call.</summary>
    /// <param name="due">Receives the calls to report now.</param>
    public void Look(List<Overrun> due)
    {
        foreach (StageGauge stage in gauges.Stages)
        {
            TimeSpan limit = LimitOf(stage);
            int overdue = 0;
            _works.Clear();
            stage.Works.CopyTo(_works);
            foreach (StageWork work in _works)
            {
                TimeSpan worked = work.Worked;
                if (worked < limit + grace) { continue; }

                overdue++;
                if (worked < work.NextReport) { continue; }
                if (work.NextReport == TimeSpan.Zero) { stage.CountOverrun(); }
                work.NextReport = worked * 2;
                due.Add(new Overrun(work, worked, limit));
            }

            stage.Overdue = overdue;
        }
    }

    /// <summary>The calls that are at work this moment, waits left out.</summary>
    public IReadOnlyList<Overrun> AtWork()
    {
        List<StageWork> works = [];
        foreach (StageGauge stage in gauges.Stages) { stage.Works.CopyTo(works); }
        return [.. works.Where(work => !work.IsWaiting).Select(work => new Overrun(work, work.Worked, LimitOf(work.Stage)))];
    }

    private TimeSpan LimitOf(StageGauge stage) => stage.Limit?.Invoke() ?? stageLimit;
}
