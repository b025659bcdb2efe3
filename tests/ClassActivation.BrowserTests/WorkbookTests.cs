using System.Diagnostics;
using ClassActivation.Maps;
using ClassActivation.Photos;
using ClassActivation.Report;

namespace ClassActivation.BrowserTests;

/// <summary>The workbook is opened by LibreOffice, where the machine has it.</summary>
public sealed class WorkbookTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ClassActivation-");

    public void Dispose() => _folder.Delete(recursive: true);

    [SkippableFact]
    public void A_workbook_opens_in_libreoffice_with_its_numbers_and_texts()
    {
        string office = Environment.GetEnvironmentVariable("SOFFICE") is { Length: > 0 } path ? path : "/usr/bin/soffice";
        Skip.IfNot(File.Exists(office), "LibreOffice is not here.");
        string photo = Path.Combine(_folder.FullName, "=1+1 é.jpg");
        File.Copy(Path.Combine(AppContext.BaseDirectory, "samples", "flower.jpg"), photo);
        var report = new CamReport();
        ClassActivationMap map = TestReport.Map(photo, "=cmd|' /C calc'!A0", 985, 0.125, 640, 427, TestReport.Values(1, 5, 7), 5);
        report.Add(map);
        report.Add(TestReport.Region(map));
        using (var workbook = new CamWorkbook(report, 64))
        {
            workbook.AddPictures(report.Photos[0], PhotoSource.FromFile(photo));
            using FileStream stream = File.Create(Path.Combine(_folder.FullName, "result.xlsx"));
            workbook.Write(stream);
        }

        // 44, 34, 76: separated by commas, quoted, UTF-8.
        var start =
            new ProcessStartInfo(office)
            {
                WorkingDirectory = _folder.FullName,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
        string[] arguments =
        [
            $"-env:UserInstallation=file://{_folder.FullName}/profile",
            "--headless",
            "--convert-to",
            "csv:Text - txt - csv (StarCalc):44,34,76",
            "result.xlsx"
        ];
        Array.ForEach(arguments, start.ArgumentList.Add);
        using Process process = Process.Start(start)!;
        process.WaitForExit();
        string[] lines = File.ReadAllLines(Path.Combine(_folder.FullName, "result.csv"));

        Assert.Equal(2, lines.Length);
        Assert.StartsWith(
            "Photo,Map,File,Class,Probability,Regions,Left,Top,Width,Height,Share,Method,Contrast,Network,Path",
            lines[0],
            StringComparison.Ordinal);
        Assert.StartsWith($",,=1+1 é.jpg,=cmd|' /C calc'!A0,12.50%,1,", lines[1], StringComparison.Ordinal);
        Assert.EndsWith($"Cam,,Test,{photo}", lines[1], StringComparison.Ordinal);
    }
}
