using LaionStream.Dataset.Rows;
using LaionStream.Engine.Download.Policies;
using LaionStream.Engine.OptOuts;
using LaionStream.Text.Urls;

namespace LaionStream.Engine.Download;

/// <summary>Asks the files of an origin that a run obeys, before one of its addresses is requested.</summary>
/// <param name="files">The files of recently used origins.</param>
internal sealed class OriginPolicies(PolicyCache files)
{
    /// <summary>Asks the files that the policy needs.</summary>
    /// <param name="url">The address.</param>
    /// <param name="optOuts">Decides what is obeyed.</param>
    /// <param name="abort">The abort of the run.</param>
    public async ValueTask<OriginOutcome> AskAsync(WebUrl url, OptOutJudge optOuts, CancellationToken abort)
    {
        OptOutFindings objections = default;
        if (optOuts.Policy.AsksRobots)
        {
            var robots = (RobotsFile)await files.GetAsync(new PolicyKey(PolicyKind.Robots, url.Origin.ToString()), abort);
            if (robots.Unreachable.Reason != DropReason.None) { return new OriginOutcome(robots.Unreachable); }

            objections = robots.Objections(optOuts.Agent, url.PathAndQuery);
            if (optOuts.Decide(objections) is not OptOutSignal.None and var signal) { return new OriginOutcome(signal.Outcome()); }
        }

        if (!optOuts.Policy.AsksTdmFile) { return new OriginOutcome(default, objections); }

        var tdm = (TdmFile)await files.GetAsync(new PolicyKey(PolicyKind.Tdm, url.Origin.ToString()), abort);
        if (tdm.Unreachable.Reason != DropReason.None) { return new OriginOutcome(tdm.Unreachable); }

        TdmRule? rule = tdm.Find(url.PathAndQuery);
        return new OriginOutcome(default, objections, rule is { IsReserved: true }, rule?.Policy);
    }
}
