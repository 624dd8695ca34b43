<#
.SYNOPSIS
Exports what owalint reads of all Client Access servers: virtual directories, servers and sites, IIS configuration and
the registry of Outlook Web App.

.DESCRIPTION
Run this in the Exchange Management Shell of Exchange 2007 or 2010, as a user who may read Active Directory, the
administrative shares and the registry of the servers. It changes nothing on them, and writes only below -OutputFolder.
What could not be read is said at the end; owalint says it again.

.PARAMETER OutputFolder
The folder to write to, which must not exist yet.

.PARAMETER Server
Only these servers. All Client Access servers unless it is given.

.EXAMPLE
.\collect.ps1 -OutputFolder C:\temp\snapshot
#>
param(
    [string] $OutputFolder = (Join-Path (Get-Location).ProviderPath ('owalint-' + (Get-Date -Format 'yyyyMMdd-HHmmss'))),
    [string[]] $Server = @()
)

# What fails ends what it is part of, and is told; it never goes on with half of it.
$ErrorActionPreference = 'Stop'

# Lines are as good as never wrapped.
$width = 8000
$failed = @()

function Write-Lines([string] $Path, [string[]] $Lines) {
    $utf16 = New-Object System.Text.UnicodeEncoding($false, $true)
    [System.IO.File]::WriteAllLines($Path, $Lines, $utf16)
}

# The objects as Format-List prints them, without what differs from one run to the next.
function Export-Objects([string] $Path, $Objects) {
    $noise = 'RunspaceId', 'PSComputerName', 'PSShowComputerName'
    $Objects | Select-Object -Property * -ExcludeProperty $noise | Format-List -Property * |
        Out-File -FilePath $Path -Width $width -Encoding Unicode
}

function ConvertTo-Hex([string] $Prefix, [byte[]] $Bytes) {
    $pairs = @($Bytes | ForEach-Object { '{0:x2}' -f $_ })
    return $Prefix + [string]::Join(',', $pairs)
}

# One value as a line of a .reg file.
function ConvertTo-RegLine($Key, [string] $Name) {
    $kind = $Key.GetValueKind($Name)
    $none = [Microsoft.Win32.RegistryValueOptions]::DoNotExpandEnvironmentNames
    $value = $Key.GetValue($Name, $null, $none)
    $label = '@'
    if ($Name -ne '') { $label = '"' + $Name.Replace('\', '\\').Replace('"', '\"') + '"' }
    $utf16 = [System.Text.Encoding]::Unicode
    switch ([string] $kind) {
        'String' {
            if ($value.IndexOfAny([char[]] (0, 10, 13)) -ge 0) {
                return $label + '=' + (ConvertTo-Hex 'hex(1):' $utf16.GetBytes($value + [char] 0))
            }
            return $label + '="' + $value.Replace('\', '\\').Replace('"', '\"') + '"'
        }
        'DWord' { return $label + '=' + ('dword:{0:x8}' -f $value) }
        'QWord' { return $label + '=' + (ConvertTo-Hex 'hex(b):' ([System.BitConverter]::GetBytes([int64] $value))) }
        'ExpandString' { return $label + '=' + (ConvertTo-Hex 'hex(2):' $utf16.GetBytes($value + [char] 0)) }
        'MultiString' {
            $text = ''
            foreach ($item in $value) { $text += $item + [char] 0 }
            return $label + '=' + (ConvertTo-Hex 'hex(7):' $utf16.GetBytes($text + [char] 0))
        }
        'Binary' { return $label + '=' + (ConvertTo-Hex 'hex:' $value) }
        # Left out it would look like one that is absent, so the export fails as a whole.
        default { throw ('the value {0} has a type that cannot be written: {1}' -f $label, $kind) }
    }
}

function Get-RegLines($Hive, [string] $Path) {
    $key = $Hive.OpenSubKey($Path)
    if ($key -eq $null) { return @() }
    $lines = @('', '[HKEY_LOCAL_MACHINE\' + $Path + ']')
    foreach ($name in $key.GetValueNames()) { $lines += ConvertTo-RegLine $key $name }
    foreach ($name in $key.GetSubKeyNames()) { $lines += Get-RegLines $Hive ($Path + '\' + $name) }
    $key.Close()
    return $lines
}

# The key of Outlook Web App and the computer's name. Where the key does not exist, the key above it stands alone, which
# says so.
function Export-Registry([string] $Path, [string] $Computer) {
    $services = 'SYSTEM\CurrentControlSet\Services'
    $hive = [Microsoft.Win32.RegistryKey]::OpenRemoteBaseKey([Microsoft.Win32.RegistryHive]::LocalMachine, $Computer)
    $lines = @('Windows Registry Editor Version 5.00')
    $name = @(Get-RegLines $hive 'SYSTEM\CurrentControlSet\Control\ComputerName\ComputerName')
    $owa = @(Get-RegLines $hive ($services + '\MSExchange OWA'))
    if ($owa.Count -eq 0) {
        $above = $hive.OpenSubKey($services)
        if ($above -eq $null) { throw 'the services of this computer cannot be read' }
        $owa = @('', '; there is no key MSExchange OWA below this one', ('[HKEY_LOCAL_MACHINE\' + $services + ']'))
    }
    $hive.Close()
    Write-Lines $Path ($lines + $name + $owa + @(''))
}

# The folder of Windows on another computer.
function Get-WindowsFolder([string] $Computer) {
    $hive = [Microsoft.Win32.RegistryKey]::OpenRemoteBaseKey([Microsoft.Win32.RegistryHive]::LocalMachine, $Computer)
    $key = $hive.OpenSubKey('SOFTWARE\Microsoft\Windows NT\CurrentVersion')
    $folder = [string] $key.GetValue('SystemRoot')
    $hive.Close()
    if ($folder -notmatch '^[A-Za-z]:\\') { throw 'the folder of Windows is not known' }
    return $folder
}

# A path of another computer with the variables that it may have there filled in.
function Expand-Path([string] $Path, [string] $Windows) {
    $drive = $Windows.Substring(0, 2)
    $known = $Path -replace '%SystemDrive%', $drive -replace '%(windir|SystemRoot)%', $Windows
    return $known -replace '%ProgramFiles%', ($drive + '\Program Files')
}

# applicationHost.config, redirection.config, and the web.config files that lie in the folders of the sites and of
# /owa and /ecp, below folders named as on the server.
function Export-Iis([string] $Folder, [string] $Computer) {
    $config = '\\' + $Computer + '\admin$\system32\inetsrv\config\'
    Copy-Item -Path ($config + 'applicationHost.config') -Destination $Folder -ErrorAction Stop
    if (Test-Path ($config + 'redirection.config')) {
        Copy-Item -Path ($config + 'redirection.config') -Destination $Folder -ErrorAction Stop
    }
    $document = New-Object System.Xml.XmlDocument
    $document.Load((Join-Path $Folder 'applicationHost.config'))
    $windows = $null
    foreach ($application in $document.SelectNodes('//site/application')) {
        if ('/', '/owa', '/ecp' -notcontains $application.GetAttribute('path').ToLower()) { continue }
        foreach ($directory in $application.SelectNodes('virtualDirectory')) {
            $physical = $directory.GetAttribute('physicalPath')
            try {
                if ($physical -match '%' -and $windows -eq $null) { $windows = Get-WindowsFolder $Computer }
                if ($physical -match '%') { $physical = Expand-Path $physical $windows }
                Copy-WebConfig $Folder $Computer $physical
            }
            catch { $script:failed += ($Computer + ': web.config of ' + $physical + ': ' + $_) }
        }
    }
}

# The web.config of one folder of another computer, by its administrative share.
function Copy-WebConfig([string] $Folder, [string] $Computer, [string] $Physical) {
    if ($Physical -notmatch '^[A-Za-z]:\\') { throw 'not a folder on a drive of the server' }
    $drive = $Physical.Substring(0, 1)
    $rest = $Physical.Substring(2).TrimEnd('\')
    $share = '\\' + $Computer + '\' + $drive + '$' + $rest
    if (-not [System.IO.Directory]::Exists($share + '\')) { throw 'the folder cannot be read' }
    $file = $share + '\web.config'
    if (-not [System.IO.File]::Exists($file)) { throw 'there is none, or it cannot be read' }
    $target = Join-Path $Folder ($drive + $rest)
    if (-not (Test-Path -LiteralPath $target)) { New-Item -ItemType Directory -Path $target | Out-Null }
    Copy-Item -LiteralPath $file -Destination $target -Force
}

if (-not (Get-Command Get-OwaVirtualDirectory -ErrorAction SilentlyContinue)) {
    throw 'Get-OwaVirtualDirectory is not here: run this in the Exchange Management Shell'
}
if ($OutputFolder -match '[\[\]]') { throw 'PowerShell cannot write to a folder with brackets in its name' }
if (Test-Path -LiteralPath $OutputFolder) { throw ($OutputFolder + ' exists already') }
New-Item -ItemType Directory -Path $OutputFolder | Out-Null
# Whole, because .NET does not know the location of the shell.
$OutputFolder = (Resolve-Path -LiteralPath $OutputFolder).ProviderPath
$org = Join-Path $OutputFolder 'org'
New-Item -ItemType Directory -Path $org | Out-Null

# The virtual directories of one kind; through a remote shell an error may be no more than a message and no object.
function Export-Directories([string] $Path, $Found) {
    if (@($Found).Count -eq 0) { throw 'none was given' }
    Export-Objects $Path $Found
}

$servers = @(Get-ExchangeServer | Where-Object { $_.IsClientAccessServer })
if ($Server.Count -gt 0) {
    $names = @($servers | ForEach-Object { [string] $_.Name })
    foreach ($asked in $Server) {
        if ($names -notcontains $asked) { $failed += ($asked + ': no Client Access server has this name') }
    }
    $servers = @($servers | Where-Object { $Server -contains $_.Name })
}
if ($servers.Count -eq 0) { throw 'no Client Access server was found' }

# Lists are printed whole. Formatting asks for the global variable only.
$limit = $global:FormatEnumerationLimit
$global:FormatEnumerationLimit = -1
try {
    Export-Objects (Join-Path $org 'servers.txt') $servers
    foreach ($cas in $servers) {
        $name = [string] $cas.Name
        $computer = [string] $cas.Fqdn
        if ($computer -eq '') { $computer = $name }
        Write-Host ('reading ' + $name)
        $folder = Join-Path $OutputFolder $name
        New-Item -ItemType Directory -Path $folder | Out-Null
        try { Export-Directories (Join-Path $folder 'owa.txt') @(Get-OwaVirtualDirectory -Server $name) }
        catch { $failed += ($name + ': OWA virtual directories: ' + $_) }
        # Exchange 2007 has no ECP.
        if ([string] $cas.AdminDisplayVersion -notmatch '^Version 8\.') {
            try { Export-Directories (Join-Path $folder 'ecp.txt') @(Get-EcpVirtualDirectory -Server $name) }
            catch { $failed += ($name + ': ECP virtual directories: ' + $_) }
        }
        try { Export-Iis $folder $computer }
        catch { $failed += ($name + ': IIS configuration: ' + $_) }
        try { Export-Registry (Join-Path $folder 'owa.reg') $computer }
        catch { $failed += ($name + ': registry: ' + $_) }
    }
}
finally { $global:FormatEnumerationLimit = $limit }

Write-Host ('written to ' + $OutputFolder + '; now run: owalint check "' + $OutputFolder + '"')
foreach ($line in $failed) { Write-Warning ('not read: ' + $line) }
