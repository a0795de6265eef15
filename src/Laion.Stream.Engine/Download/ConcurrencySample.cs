namespace LaionStream.Engine.Download;

/// <summary>What one interval of fetching was like.</summary>
/// <param name="Limit">Requests allowed at once during the interval.</param>
/// <param name="MostActive">The most requests that were under way at once.</param>
/// <param name="Goodput">Pictures fetched a second.</param>
/// <param name="ErrorShare">Rows with network trouble among all that ended, 0..1.</param>
internal readonly record struct ConcurrencySample(int Limit, int MostActive, double Goodput, double ErrorShare);
