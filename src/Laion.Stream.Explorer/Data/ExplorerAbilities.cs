namespace LaionStream.Explorer.Data;

/// <summary>What the service can do beyond reading the output; null for what it cannot.</summary>
/// <param name="Models">Embeds texts and pictures.</param>
/// <param name="Fetch">Fetches pictures.</param>
/// <param name="Thumbnails">Makes thumbnails.</param>
internal sealed record ExplorerAbilities(IQueryModels? Models = null, IPictureFetch? Fetch = null, IThumbnailMaker? Thumbnails = null);
