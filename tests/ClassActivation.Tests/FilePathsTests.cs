namespace ClassActivation.Tests;

/// <summary>Each system's paths, tried on whichever system the tests run on; the addresses are RFC 8089's.</summary>
public sealed class FilePathsTests
{
    [Theory]
    [InlineData(@"C:\photos\a b.jpg", "file:///C:/photos/a%20b.jpg")]
    [InlineData(@"c:\ü\100%.jpg", "file:///c:/%C3%BC/100%25.jpg")]
    [InlineData(@"C:\a#b\c?.jpg", "file:///C:/a%23b/c%3F.jpg")]
    [InlineData(@"\\server\share\photos\a.jpg", "file://server/share/photos/a.jpg")]
    [InlineData(@"\\?\C:\long\a.jpg", "file:///C:/long/a.jpg")]
    [InlineData(@"\\?\UNC\server\share\a.jpg", "file://server/share/a.jpg")]
    public void A_path_of_Windows_has_its_address(string path, string address) => Assert.Equal(address, FilePaths.ToAddress(path, '\\'));

    [Theory]
    [InlineData("/photos/a b.jpg", "file:///photos/a%20b.jpg")]
    [InlineData(@"/photos/a\b.jpg", "file:///photos/a%5Cb.jpg")]
    [InlineData("/c:/a.jpg", "file:///c%3A/a.jpg")]
    public void A_path_of_Unix_has_its_address(string path, string address) => Assert.Equal(address, FilePaths.ToAddress(path, '/'));

    [Theory]
    [InlineData(@"C:\a\b.jpg", '\\', "C:/a/b.jpg")]
    [InlineData(@"\\server\share\b.jpg", '\\', "//server/share/b.jpg")]
    [InlineData(@"/a/b\c.jpg", '/', @"/a/b\c.jpg")]
    public void A_backslash_is_a_separator_on_Windows_alone(string path, char separator, string slashed) =>
        Assert.Equal(slashed, FilePaths.WithSlashes(path, separator));

    [Theory]
    [InlineData("/a/b/c.jpg", "c.jpg", true)]
    [InlineData("/a/b/c.jpg", "b/c.jpg", true)]
    [InlineData("/a/b/c.jpg", "/a/b/c.jpg", true)]
    [InlineData("/a/xb/c.jpg", "b/c.jpg", false)]
    [InlineData("c.jpg", "b/c.jpg", false)]
    [InlineData("/a/b/C.jpg", "c.jpg", false)]
    public void A_file_is_named_by_its_last_parts(string path, string name, bool isNamed) =>
        Assert.Equal(isNamed, FilePaths.IsNamedBy(path, name, StringComparer.Ordinal));

    [Fact]
    public void The_case_of_names_counts_on_Linux_alone()
    {
        Assert.True(FilePaths.IsNamedBy("C:/Photos/A.JPG", "photos/a.jpg", StringComparer.OrdinalIgnoreCase));
        Assert.Equal(!OperatingSystem.IsLinux(), FilePaths.Comparer.Equals("a", "A"));
        Assert.Equal(!OperatingSystem.IsLinux(), "a".Equals("A", FilePaths.Comparison));
    }
}
