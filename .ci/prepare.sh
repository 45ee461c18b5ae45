# Sourced by ./stackelberg and ./test: finds the .NET SDK, installs the physics engine when it can, builds Release once.
# $root is the checkout. All messages go to standard error.

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
[ -n "${HOME:-}" ] || export DOTNET_CLI_HOME="$root/bin/launcher/home"

say() { printf '%s\n' "$*" >&2; }

need_sdk() {
    command -v dotnet >/dev/null 2>&1 && return
    say "error: 'dotnet' is not to be found"
    say "  allowed: the .NET SDK 10.0 on the PATH"
    say "  next: install it (https://dot.net/download) and run this again"
    exit 2
}

# Limits of the shell under which the runtime cannot even start, and says so in words of its own.
need_limits() {
    local files memory
    files=$(ulimit -Hn) memory=$(ulimit -v)
    if [ "$files" != unlimited ] && [ "$files" -lt 128 ]; then
        say "error: this shell allows $files open files, which is too few"
        say "  allowed: 128 or more; 'ulimit -n' shows the limit"
        say "  next: raise it with 'ulimit -n 1024', in a new shell where this one does not allow it"
        exit 2
    fi
    if [ "$memory" != unlimited ] && [ "$memory" -lt 2097152 ]; then
        say "error: this shell allows $memory KiB of address space, and the .NET runtime reserves more than that"
        say "  allowed: 2097152 or more; 'ulimit -v' shows the limit"
        say "  next: raise it with 'ulimit -v unlimited', in a new shell where this one does not allow it"
        exit 2
    fi
}

# Makes the folder of builds and takes its lock as descriptor 9, until `exec 9>&-`.
lock_checkout() {
    if ! mkdir -p "$root/bin/launcher" 2>/dev/null || [ ! -w "$root/bin/launcher" ]; then
        say "error: '$root/bin/launcher' cannot be written, and this checkout is not built yet as it is now"
        say "  allowed: a checkout whose folder you may write"
        say "  next: clone it to a folder of yours, or have its owner run ./stackelberg once"
        exit 2
    fi
    exec 9>"$root/bin/launcher/lock"
    flock -n 9 && return
    say "waiting for another call that sets up this checkout"
    flock 9
}

# A line that changes whenever a source file, a project file or a model appears, vanishes or changes.
fingerprint() {
    (cd "$root" && find src Directory.Build.props Directory.Packages.props global.json .editorconfig BannedSymbols.txt \
        \( -name bin -o -name obj \) -prune -o -type f -printf '%p %T@ %s\n' | LC_ALL=C sort; dotnet_location) | sha256sum | cut -c1-16
}

dotnet_location() { readlink -f "$(command -v dotnet)"; }

have_mujoco() {
    local file
    [ -n "${MUJOCO_LIBRARY:-}" ] && return 0
    for file in /usr/lib/*/libmujoco.so.2.2.2 /usr/lib/libmujoco.so.2.2.2 /usr/local/lib/libmujoco.so.2.2.2; do
        [ -e "$file" ] && return 0
    done
    return 1
}

# ./stackelberg tries once per checkout, ./test each time. Everything but physics works without; commands that need it say so.
install_mujoco() {
    local package=libmujoco2.2.2 prefix=() tried="$root/bin/launcher/mujoco-tried"
    have_mujoco && return
    [ -e "$tried" ] && return
    : >"$tried"
    if ! command -v apt-get >/dev/null 2>&1; then
        say "note: MuJoCo 2.2.2 is missing and this system has no apt-get; install it by hand for the MuJoCo tasks, everything else works"
        return
    fi
    if [ "$(id -u)" != 0 ]; then
        if command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
            prefix=(sudo -n)
        else
            say "note: MuJoCo is missing; for the MuJoCo tasks run: sudo apt-get install -y $package (everything else works without)"
            return
        fi
    fi
    say "installing $package (physics of the MuJoCo tasks) with apt-get"
    if ! apt_install "$package" && ! { "${prefix[@]}" apt-get -q update >&2 && apt_install "$package"; }; then
        say "note: that did not work; for the MuJoCo tasks run: sudo apt-get update && sudo apt-get install -y $package (everything else works without)"
    fi
}

apt_install() {
    "${prefix[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=120 install --no-install-recommends "$@" >&2
}

# For ./test alone: the browser that opens replay pages, the encoder of videos, and NumPy, which reads exported files back. The command works without them.
install_test_tools() {
    local packages="chromium ffmpeg python3-numpy" prefix=()
    command -v chromium >/dev/null 2>&1 && command -v ffmpeg >/dev/null 2>&1 && /usr/bin/python3 -c 'import numpy' 2>/dev/null && return
    if ! command -v apt-get >/dev/null 2>&1; then
        say "note: Chromium, ffmpeg or Debian's NumPy is missing and this system has no apt-get; without them the tests of replay pages and exports fail"
        return
    fi
    if [ "$(id -u)" != 0 ]; then
        if command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
            prefix=(sudo -n)
        else
            say "note: for the tests of replay pages and exports run: sudo apt-get install -y --no-install-recommends $packages"
            return
        fi
    fi
    say "installing $packages (tests of replay pages and exports) with apt-get"
    # shellcheck disable=SC2086 # one word each
    if ! apt_install $packages && ! { "${prefix[@]}" apt-get -q update >&2 && apt_install $packages; }; then
        say "note: that did not work; for the tests of replay pages and exports run: sudo apt-get update && sudo apt-get install -y --no-install-recommends $packages"
    fi
}

# Builds the command into bin/launcher/<fingerprint>, so that a later build never touches what a running command has loaded.
# Sets $app. Concurrent first calls: one builds, the others wait for it.
build_command() {
    local stamp partial log
    stamp=$(fingerprint)
    app="$root/bin/launcher/$stamp"
    [ -e "$app/stackelberg.dll" ] && return
    lock_checkout
    if [ ! -e "$app/stackelberg.dll" ]; then
        install_mujoco
        say "building (once; later calls start at once)"
        log="$root/bin/launcher/build.log"
        if ! dotnet build "$root/src/Stackelberg.Cli/Stackelberg.Cli.csproj" -c Release -v q --nologo -nodeReuse:false >"$log" 2>&1 9>&-; then
            cat "$log" >&2
            say "error: the build failed"
            say "  allowed: sources that compile, and packages that can be restored"
            say "  next: read the lines above; the log is $log"
            exit 2
        fi
        partial="$app.partial"
        rm -rf "$partial"
        cp -r "$root/src/Stackelberg.Cli/bin/Release/net10.0" "$partial"
        mv "$partial" "$app"
        # The three newest stay: older ones may still be loaded by a long training, but hardly.
        find "$root/bin/launcher" -mindepth 1 -maxdepth 1 -type d -name '????????????????' -printf '%T@ %p\n' \
            | sort -rn | tail -n +4 | cut -d' ' -f2- | while IFS= read -r old; do rm -rf "$old"; done
    fi
    exec 9>&-
}
