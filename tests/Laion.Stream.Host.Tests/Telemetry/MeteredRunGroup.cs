namespace LaionStream.Host.Tests.Telemetry;

/// <summary>The tests that look at one and the same run.</summary>
[CollectionDefinition("metered run")]
public sealed class MeteredRunGroup : ICollectionFixture<MeteredRun>;
