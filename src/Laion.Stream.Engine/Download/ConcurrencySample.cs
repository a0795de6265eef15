namespace LaionStream.Engine.Download;

/// <summary>Measurements of one interval of fetching.</summary>
/// <param name="Limit">Concurrent requests allowed during the interval.</param>
/// <param name="MostActive">Highest number of requests that held slots at once.</param>
/// <param name="Seconds">Length of the interval.</param>
/// <param name="Fetched">Pictures fetched.</param>
/// <param name="Ended">Requests that ended, in any way.</param>
/// <param name="Troubled">Requests among these that broke, got no answer in time, or were answered with 429 or 503.</param>
internal readonly record struct ConcurrencySample(int Limit, int MostActive, double Seconds, long Fetched, long Ended, long Troubled);
