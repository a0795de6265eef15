using LaionStream.Search.Rows;

namespace LaionStream.Explorer.Api;

/// <summary>What this service serves and can do.</summary>
/// <param name="Version">Version of the program.</param>
/// <param name="Name">Name of the output.</param>
/// <param name="Rows">Its rows.</param>
/// <param name="Indexes">The vectors that can be searched.</param>
/// <param name="Columns">Columns of its rows.</param>
/// <param name="Scores">Those of them that are scores.</param>
/// <param name="Sets">Output sets.</param>
/// <param name="CanEmbedText">Whether texts can be searched for.</param>
/// <param name="CanEmbedPicture">Whether pictures can be searched for.</param>
/// <param name="CanFetch">Whether the service fetches pictures: by address for a search, and for thumbnails.</param>
/// <param name="HasThumbnails">Whether pictures are stored with the rows.</param>
/// <param name="Running">Whether a run writes the output now.</param>
/// <param name="Folders">The folders that are served, in the order of their rows' ids.</param>
/// <param name="SafeModeDefault">Whether unsafe rows are left out unless a request says otherwise.</param>
internal sealed record InfoAnswer(
    string Version, string Name, long Rows, IReadOnlyList<IndexInfo> Indexes, IReadOnlyList<RowColumn> Columns, IReadOnlyList<string> Scores, IReadOnlyList<string> Sets,
    bool CanEmbedText, bool CanEmbedPicture, bool CanFetch, bool HasThumbnails, bool Running, IReadOnlyList<FolderInfo> Folders,
    bool SafeModeDefault = true);
