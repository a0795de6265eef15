namespace LaionStream.Engine.Flow;

/// <summary>
/// Finds the stages' calls that exceed their limit. A call is reported when its working time exceeds its stage's limit plus the grace time, and again each time
/// that time has doubled. Nothing is stopped, because a thread in an endless loop or in native code cannot be stopped from outside.
/// </summary>
/// <param name="gauges">The stages. Each has its limit; the number of its calls that exceed it is stored there.</param>
/// <param name="stageLimit">The limit for stages without one of their own.</param>
/// <param name="grace">How far a call may exceed its limit before it is reported, because a stage notices its own limit slightly late.</param>
internal sealed class OverrunWatch(FlowGauges gauges, TimeSpan stageLimit, TimeSpan grace)
{
    private readonly List<StageWork> _works = [];

    /// <summary>Checks every call.</summary>
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

    /// <summary>The calls that are working now; waiting ones are excluded.</summary>
    public IReadOnlyList<Overrun> AtWork()
    {
        List<StageWork> works = [];
        foreach (StageGauge stage in gauges.Stages) { stage.Works.CopyTo(works); }
        return [.. works.Where(work => !work.IsWaiting).Select(work => new Overrun(work, work.Worked, LimitOf(work.Stage)))];
    }

    private TimeSpan LimitOf(StageGauge stage) => stage.Limit?.Invoke() ?? stageLimit;
}
