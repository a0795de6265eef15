namespace LaionStream.Engine.Run;

/// <summary>What a graph with downloads has fetched in this session.</summary>
/// <param name="Pictures">Pictures fetched.</param>
/// <param name="Failed">Rows that ended in the download stage without a picture.</param>
/// <param name="Bytes">Bytes of the pictures.</param>
internal readonly record struct RunTraffic(long Pictures, long Failed, long Bytes);
