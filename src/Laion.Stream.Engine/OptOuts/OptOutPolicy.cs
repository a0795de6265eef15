using LaionStream.Dataset.Rows;

namespace LaionStream.Engine.OptOuts;

/// <summary>Which signals a run obeys and which files of an origin it requests: the switches, the older keys and the preset, resolved. Pure.</summary>
internal sealed record OptOutPolicy
{
    /// <summary>Begin of the keys in fingerprints.</summary>
    public const string Prefix = "OptOut:";

    private OptOutPolicy()
    {
    }

    /// <summary>Whether <c>X-Robots-Tag</c> of the answer is obeyed.</summary>
    public required bool XRobotsTag { get; init; }

    /// <summary>Where <c>Content-Usage</c> is obeyed.</summary>
    public required OptOutReach ContentUsage { get; init; }

    /// <summary>Whether <c>Content-Signal</c> is obeyed.</summary>
    public required bool ContentSignal { get; init; }

    /// <summary>Where the TDM Reservation Protocol is obeyed.</summary>
    public required OptOutReach TdmRep { get; init; }

    /// <summary>Which statements of a page are obeyed.</summary>
    public required PageReach Page { get; init; }

    /// <summary>Whether a picture's own metadata are obeyed.</summary>
    public required bool Embedded { get; init; }

    /// <summary>Whether <c>Disallow</c> of robots.txt is obeyed.</summary>
    public required bool RobotsTxt { get; init; }

    /// <summary>Whether the output was made before these switches existed, and is continued as that version would.</summary>
    public required bool IsEarlier { get; init; }

    /// <summary>The signals that exclude a row.</summary>
    public OptOutFindings Obeyed => default(OptOutFindings)
        .With(OptOutSignal.XRobotsTag, XRobotsTag)
        .With(OptOutSignal.ContentUsage, ContentUsage != OptOutReach.Off)
        .With(OptOutSignal.TdmReservation, TdmRep != OptOutReach.Off)
        .With(OptOutSignal.TdmFile, TdmRep == OptOutReach.Origin)
        .With(OptOutSignal.RobotsDisallow, RobotsTxt)
        .With(OptOutSignal.RobotsContentUsage, ContentUsage != OptOutReach.Off)
        .With(OptOutSignal.RobotsContentSignal, ContentSignal)
        .With(OptOutSignal.PageRobots, Page != PageReach.Off)
        .With(OptOutSignal.PageXRobotsTag, Page != PageReach.Off)
        .With(OptOutSignal.PageTdmReservation, Page == PageReach.All)
        .With(OptOutSignal.XmpDataMining, Embedded)
        .With(OptOutSignal.C2paTrainingMining, Embedded);

    /// <summary>Whether robots.txt is requested.</summary>
    public bool AsksRobots => RobotsTxt || ContentSignal || ContentUsage == OptOutReach.Origin;

    /// <summary>Whether tdmrep.json is requested.</summary>
    public bool AsksTdmFile => TdmRep == OptOutReach.Origin;

    /// <summary>Resolves the settings.</summary>
    /// <param name="options">The switches.</param>
    /// <param name="respectHeaders"><c>Download:RespectHeaders</c>: false turns those off that stand in the answer's headers.</param>
    /// <param name="robots"><c>Download:Robots</c>: true turns robots.txt on.</param>
    /// <param name="stored">The fingerprint of the output that is continued; null for a new one.</param>
    public static OptOutPolicy Of(
        OptOutOptions options, bool respectHeaders = true, bool robots = false, IReadOnlyDictionary<string, string>? stored = null)
    {
        OptOutPreset preset = options.Preset;
        bool isEarlier = preset == OptOutPreset.Standard && stored?.Keys.Any(key => key.StartsWith(Prefix, StringComparison.Ordinal)) == false;
        bool isOn = preset != OptOutPreset.None;
        bool isStrict = preset == OptOutPreset.Strict;
        OptOutReach headers = !respectHeaders || !isOn ? OptOutReach.Off : isStrict ? OptOutReach.Origin : OptOutReach.Answer;
        return new OptOutPolicy
        {
            XRobotsTag = options.XRobotsTag ?? headers != OptOutReach.Off,
            ContentUsage = Reach(options.ContentUsage, isEarlier ? OptOutReach.Off : headers),
            ContentSignal = options.ContentSignal ?? isStrict,
            TdmRep = Reach(options.TdmRep, headers),
            Page = options.Page is { } page ? (page ? PageReach.All : PageReach.Off) : !isOn ? PageReach.Off : isEarlier ? PageReach.Words : PageReach.All,
            Embedded = options.Embedded ?? (isOn && !isEarlier),
            RobotsTxt = options.RobotsTxt ?? (robots || isStrict),
            IsEarlier = isEarlier,
        };
    }

    private static OptOutReach Reach(bool? set, OptOutReach unset) => set switch { true => OptOutReach.Origin, false => OptOutReach.Off, null => unset };
}
