using LaionStream.Engine.Download.Settings;
using Microsoft.Extensions.Options;

namespace LaionStream.Engine.Download;

/// <summary>Checks the ranges that the options' validation attributes state.</summary>
[OptionsValidator]
internal sealed partial class DownloadOptionsValidator : IValidateOptions<DownloadOptions>;
