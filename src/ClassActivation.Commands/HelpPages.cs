namespace ClassActivation.Commands;

/// <summary>Where the pages are that <c>Get-Help -Online</c> opens: one for each cmdlet, named as it.</summary>
internal static class HelpPages
{
    /// <summary>What every page's address begins with.</summary>
    public const string Address = "https://github.com/ClassActivation/ClassActivation/blob/main/docs/help/";
}
