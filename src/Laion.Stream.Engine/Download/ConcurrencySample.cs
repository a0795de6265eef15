namespace LaionStream.Engine.Download;

/// <summary>What one interval of fetching was like.</summary>
/// <param name="Limit">Requests allowed at once during the interval.</param>
/// <param name="MostActive">The most requests that held slots at once.</param>
/// <param name="Seconds">How long it was.</param>
/// <param name="Fetched">Pictures fetched.</param>
/// <param name="Ended">Requests that ended, one way or the other.</param>
/// <param name="Troubled">Requests among these that broke, got no answer in time, or were told to come later (429, 503).</param>
internal readonly record struct ConcurrencySample(int Limit, int MostActive, double Seconds, long Fetched, long Ended, long Troubled);
