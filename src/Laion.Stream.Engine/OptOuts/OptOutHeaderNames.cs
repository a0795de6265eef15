namespace LaionStream.Engine.OptOuts;

/// <summary>The response headers by which a picture may be excluded, or its conditions named.</summary>
internal static class OptOutHeaderNames
{
    /// <summary>The TDM Reservation Protocol's verdict.</summary>
    public const string TdmReservation = "tdm-reservation";

    /// <summary>The TDM Reservation Protocol's policy.</summary>
    public const string TdmPolicy = "tdm-policy";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = ["X-Robots-Tag", ContentUsage.Name, TdmReservation, TdmPolicy];
}
