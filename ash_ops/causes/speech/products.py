"""Products that have no part in a deployment of Ash, and fail in the words of any program: how they are known."""

from __future__ import annotations

from typing import Final, NamedTuple

_CALLS: Final = frozenset({"conn-refused", "conn-timeout", "conn-reset", "dns-nxdomain"})
"""What a program of a deployment may tell of a product that it calls."""
OF_AN_IMAGE: Final = frozenset({"image-arch-mismatch", "registry-rate-limit"})
"""What the kernel and a registry say of an image, whatever product is in it."""


class Product(NamedTuple):
    """Somebody else's product.

    Attributes:
        name: as its makers write it, or its kind.
        marks: what only its messages hold (a regular expression over folded text).
        keeps: categories and slugs of causes that its messages may still be about.
        platform: whether what stands beside its messages is its own, too; not of a tool that deploys to AWS.
    """

    name: str
    marks: str
    keeps: frozenset[str] = frozenset()
    platform: bool = True


PRODUCTS: Final = (
    Product(
        "the Serverless Framework",
        r"/node_modules/serverless/|\bserverless error\b|\bserverless: \w|\bserverless plugin\b|\bsls (?:deploy|invoke|offline)\b|\[serverless-offline\]",
        frozenset({"aws-access", "deploy"}),
        platform=False,
    ),
    Product(
        "Windows",
        r"\b(?!(?:aws|ecs-cli|docker|claude|node|python|session-manager-plugin|copilot|terraform|curl|npm)\.)[\w-]{2,40}\.exe\b|\bpywin32\b|\bwmi\.\w|\binstalled service\b|\b8007[0-9a-f]{4}\b|\b(?:access (?:is )?denied\.? ?|win32 error |system error |error code:? )\(?5\)?(?!\d)|\bscm_\w|\bopenscmanager\b|\bmsiexec\b|\bhkey_\w|\bevent viewer\b|\bbugcheck\b|\bblue screen\b|\bancm\b|\bw3(?:wp|svc)\b",
        frozenset({"agents"}),
        platform=False,
    ),
    Product(
        "a mail server",
        r"\brcpt to\b|\bmail from:<|\brelay (?:access )?denied\b|\bunable to relay\b|\b[45]\d\d[ -][45]\.\d{1,3}\.\d{1,3}\b|\bdovecot\b|\bexim\d?\b|\bsendmail\b|\bdsn=\d\.\d|\brspamd\b|\bamavis|\bexchange (?:server|online)\b|\bimap4?[ -](?:login|server)\b",
        _CALLS,
    ),
    Product(
        "a private network",
        r"\bopenvpn\b|\bwireguard\b|\btls key negotiation failed\b|\bsigusr1\[soft|\bstrongswan\b|\bcharon\b|\bike(?:v2)?[ _]sa\b|\bike_auth\b|\bl2tp\b|\banyconnect\b|\bglobalprotect\b|\bforticlient\b|\[tun\] |\bzerotier\b",
    ),
    Product(
        "home automation",
        r"/custom_components/|\bzigbee2mqtt\b|\bhassio\b|\besphome\b|\bopenhab\b|\bhomebridge\b|\bhomekit\b|\btasmota\b|\bzwave\w{0,4}\b|\bdomoticz\b|\bfrigate\b",
    ),
    Product(
        "a computation on a GPU",
        r"\bcudasuccess\b|\bthcuda\w|\bcudnn\b|\bcublas\w{0,20}\b|\bnccl\b|\bcheck failure stack trace\b|\bnvidia-smi\b|\bhip error\b|\brocm\b|\bgpu \d{1,2}[:;]|\bxid \(pci\b|\bvram\b",
    ),
    Product(
        "the firmware of a device",
        r"\bopkg_?\b|\bsysupgrade\b|\bopenwrt\b|\blede\b|\bubi\d: |\bdd-wrt\b|\bu-boot\b|\bmikrotik\b|\bavrdude\b|\besptool\b|\bplatformio\b|\barduino\b|\bbootloader\b",
    ),
    Product(
        "a robot",
        r"\bprocess has died \[pid|\bros2? (?:launch|run|topic)\b|\broslaunch\b|\bcatkin\b|\brclcpp\b|\brclpy\b|\bgazebo\b|\bcolcon\b|\bardupilot\b|\bpx4\b",
    ),
    Product(
        "a node of a chain of blocks",
        r"\bbeacon (?:chain|node)\b|\bexecution (?:engine|layer)\b|\beth1\b|\bgeth\b|\bbitcoind?\b|\bsolana\b|\bvalidator client\b|\bdaemon is still syncing\b|\blnd\b|\bmonerod\b|\bblock ?height\b|\bhardhat\b",
    ),
    Product(
        "a game",
        r"\bminecraft\b|\bbukkit\b|\bspigot\b|\bserver thread/(?:warn|error|info)\b|\bunreal engine\b|\bd3d1[12]\w?\b|\bdxgi_|\bdirectx\b|\bvulkan\b|\bsteamapi\b|\bgodot\b|\bil2cpp\b|\bfivem\b|\broblox\b",
    ),
    Product(
        "a host of virtual machines",
        r"\bproxmox\w{0,10}\b|\bpve(?:daemon|proxy|-manager)?\b|\bqemu-(?:server|img|system)\b|\bvirsh\b|\bqmp\b|\besxi?\b|\bvcenter\b|\bvsphere\b|\bhyper-v\b|\bvirtualbox\b|\bvboxmanage\b|\bvagrant\b|\bzpool\b|\bzvol\b",
    ),
    Product(
        "macOS",
        r"\bhomebrew\b|\bcaskroom\b|\bbrew (?:cask|install|update|upgrade|link|doctor|services)\b|\blaunch(?:d|ctl)\b|/library/(?:caches|logs|launch)|^installer: |\bcom\.apple\.\w|\bosascript\b|\bmakewhatis\b|\btccd?\b: ",
    ),
    Product(
        "a server of films and music",
        r"\bemby\b|\bmediabrowser\.|\bjellyfin\b|\bplex(?: media|mediaserver)\b|\bkodi\b|\bnavidrome\b|\btautulli\b|\bffmpeg exited\b|\btranscod(?:e|ing)\w{0,3}/",
    ),
    Product(
        "a directory of users",
        r"\bkinit\b|\bkrb5_\w|\bkrbtgt\b|\bkeytab\b|\bldap_\w{3,30}\b|\bnt_status_\w|\bsssd\b|\bsmbclient\b|\bsmbd\b|\bactive directory\b|\badfs\b",
        frozenset({"auth"}),
    ),
    Product(
        "a resolver of names",
        r"\bpi-?hole\b|\bunbound(?:\[\d|-\w|\.service| returns?| is| server| dns)|\bnamed\[\d|\bdnsmasq(?:\[|-)|\badguard\b|\bdnscrypt\b|\b127\.0\.0\.1#\d",
    ),
    Product(
        "a program with windows",
        r"\bobs-studio\b|\b(?:open|launch|run|crashes?|start) obs\b|\bobs (?:crashes|studio)\b|\bgimp\b|\bblender\b|\binkscape\b|\blibreoffice\b|\bqmetaobject::|\bqt(?:\.qpa)?[.:] |\bqstandardpaths\b|\bappimage\b|\bgtk-(?:warning|critical)\b|\bwayland\b|\bpulseaudio\b|\bpipewire\b|\bopengl\b|\borg\.freedesktop\.\w|\bprofile=\"snap\.",
    ),
    Product(
        "Oracle's database",
        r"\bora-\d{5}\b|\btns-\d{5}\b|\btnslsnr\b|\blsnrctl\b|\bsqlplus\b|\boracle (?:net|database|listener)\b",
        frozenset({"db-auth-failed", "db-unreachable", "db-url-invalid", "disk-full"}),
    ),
    Product(
        "a store on many machines",
        r"\bosd\.\d|\bosds? down\b|\bceph\w{0,8}\b|\bslow_ops\b|\bglusterfs?d?\b|\bgluster\b|\blustre\b|\blonghorn\b|\bdrbd\d?\b",
    ),
    Product(
        "a printer of things",
        r"\bklipper\b|\boctoprint\b|\bklippy\b|\bmoonraker\b|\bmcu 'mcu'|\bfirmware_restart\b|\bmarlin\b",
    ),
    Product(
        "a build of an app for phones",
        r"\bfastlane\b|\bprovisioning profile|\bcode ?sign(?:ing)? error\b|\bcodesign\b|\bxcode\b|\bcocoapods\b|\bpod install\b|\bgradlew\b|\badb: |\blogcat\b|\bflutter (?:run|build|doctor)\b|\bexpo (?:run|build|start)\b",
    ),
    Product(
        "R and Julia",
        r"\br_tests=|\br_default_packages=|\br is aborting now\b|\bcaught segfault\b|\br cmd (?:install|check|build)\b|\binstall\.packages\b|\bbiocmanager\b|\bfailed to precompile\b|/\.julia/|\bhad non-zero exit status\b",
    ),
    Product(
        "a recorder of cameras",
        r"\brtsps?://|\bzoneminder\b|\bzm[acs]_m?\d|\bzm_\w{2,30}\.cpp\b|\bmotion_loop\b|\bnetcam_\w|\bonvif\b|\bmotioneye\b",
    ),
    Product(
        "a switch of telephones",
        r"\bchan_sip\b|\bpjsip|\bsip/2\.0\b|\bsip trunk|\bfreepbx\b|\bfreeswitch\b|\bkamailio\b|\bsip:[\w.+-]{1,60}@|\[sip\] |\bsip_\w{3,30}\b|\bvoip\b",
    ),
    Product(
        "OpenStack",
        r"\bopenstack\b|\bnova[._](?:scheduler|compute|api|conductor|virt)|\b(?:neutron|cinder|oslo)[._]\w|\bnova boot\b|\bno valid host was found\b",
    ),
    Product(
        "a fetcher of films and music",
        r"\b(?:sonarr|radarr|lidarr|prowlarr|sabnzbd|nzbget|qbittorrent|deluged?|rtorrent|nzbdrone|torrentrunner|autodl-irssi)\b|\btransmission-(?:daemon|da|home|openvpn)\b|\bconnect to tracker\b|\blibtorrent\b",
    ),
    Product(
        "a cluster of batch jobs",
        r"\bslurm\w{0,6}\b|\bsrun: |\bsbatch\b|\bmpi(?:run|exec)\b|\bopenmpi\b|\bpmix\w{0,10}\b|\bqsub\b",
    ),
)
"""Each is told by its name, and what it resembles."""
