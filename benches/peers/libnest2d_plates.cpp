// Lays out a plate job with libnest2d: first fit over plates, no-fit polygons on each, the way
// slicers arrange. Called by plates.py, which says how it is built.
//
//     libnest2d_plates JOB ROTATIONS
//
// JOB is text, lengths in mm: "rectangle WIDTH DEPTH" or "circle RADIUS" (about the origin), then
// "gap GAP", "zones N" and N times "LOW_X LOW_Y HIGH_X HIGH_Y GAP" (boxes, on rectangles only),
// "parts N" and N times "CORNERS X Y X Y ...". Prints one JSON document.
//
// libnest2d keeps half the gap between parts and the edge of the plate; plates are therefore grown
// by that, so that parts may stand at the edge as they may for us. Zones are its disallowed areas,
// cut off at the edge. With zones it must not move the finished pile to the middle. "off" counts
// parts that it laid over the edge or into a zone all the same.
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <set>
#include <string>
#include <vector>

#include <libnest2d/libnest2d.hpp>

namespace {

using libnest2d::Coord;
using libnest2d::Item;
using libnest2d::PointImpl;

constexpr double STEPS = 1e6;  // in a mm
constexpr int ZONED_PLATES = 300;  // more than any job needs

struct Zone {
    double low[2], high[2], gap;
};

struct Job {
    std::string bed;
    double size[2] = {0, 0};
    double gap = 0;
    std::vector<Zone> zones;
    std::vector<Item> items;
};

Coord steps(double mm) { return static_cast<Coord>(std::llround(mm * STEPS)); }

[[noreturn]] void fail(const std::string& what) {
    std::cerr << "libnest2d_plates: " << what << std::endl;
    std::exit(1);
}

Item item(ClipperLib::Path path) {
    // Its outlines are closed and run clockwise.
    if (ClipperLib::Orientation(path)) ClipperLib::ReversePath(path);
    path.push_back(path.front());
    libnest2d::PolygonImpl polygon;
    polygon.Contour = path;
    return Item(polygon);
}

void expect(std::istream& in, const std::string& word) {
    std::string found;
    if (!(in >> found) || found != word) fail("expected " + word + ", found " + found);
}

Job read(const char* path) {
    std::ifstream in(path);
    Job job;
    size_t count = 0;
    in >> job.bed >> job.size[0];
    if (job.bed == "rectangle") in >> job.size[1];
    expect(in, "gap");
    in >> job.gap;
    expect(in, "zones");
    in >> count;
    for (size_t i = 0; i < count && in; i++) {
        Zone zone{};
        in >> zone.low[0] >> zone.low[1] >> zone.high[0] >> zone.high[1] >> zone.gap;
        job.zones.push_back(zone);
    }
    expect(in, "parts");
    in >> count;
    for (size_t i = 0; i < count && in; i++) {
        size_t corners = 0;
        in >> corners;
        ClipperLib::Path path;
        for (size_t k = 0; k < corners && in; k++) {
            double x = 0, y = 0;
            in >> x >> y;
            path.push_back(PointImpl(steps(x), steps(y)));
        }
        if (path.size() < 3) fail("a part has less than three corners");
        job.items.push_back(item(path));
    }
    if (!in) fail("the job ends too early");
    return job;
}

// Zones as items, one set for each plate. Parts are grown by half the gap, zones by what is left
// of their own gap then; where nothing is left of a zone, libnest2d does without it.
void add_zones(Job& job) {
    const double half = job.gap / 2;
    for (const Zone& zone : job.zones) {
        double low[2], high[2];
        for (int k = 0; k < 2; k++) {
            // Nothing stands between a zone and the edge that it lies at.
            low[k] = zone.low[k] <= 0 ? -half : zone.low[k] - zone.gap + half;
            high[k] = zone.high[k] >= job.size[k] ? job.size[k] + half
                                                  : zone.high[k] + zone.gap - half;
        }
        if (high[0] - low[0] < 1e-3 || high[1] - low[1] < 1e-3) continue;
        ClipperLib::Path path;
        path.push_back(PointImpl(steps(low[0]), steps(low[1])));
        path.push_back(PointImpl(steps(high[0]), steps(low[1])));
        path.push_back(PointImpl(steps(high[0]), steps(high[1])));
        path.push_back(PointImpl(steps(low[0]), steps(high[1])));
        for (int plate = 0; plate < ZONED_PLATES; plate++) {
            Item area = item(path);
            area.inflation(-static_cast<Coord>(std::ceil(steps(job.gap) / 2.0)));
            area.markAsDisallowedAreaInBin(plate);
            job.items.push_back(area);
        }
    }
}

template <class Bin>
void nest(Job& job, const Bin& bin, int rotations) {
    using Placer = libnest2d::_NfpPlacer<Bin>;
    libnest2d::NestConfig<Placer, libnest2d::FirstFitSelection> config;
    auto& placer = config.placer_config;
    placer.rotations.clear();
    for (int turn = 0; turn < rotations; turn++) {
        placer.rotations.emplace_back(2 * libnest2d::Pi * turn / rotations);
    }
    placer.parallel = false;
    if (!job.zones.empty()) {
        using Alignment = typename std::decay_t<decltype(placer)>::Alignment;
        placer.alignment = Alignment::DONT_ALIGN;
    }
    libnest2d::nest<Placer, libnest2d::FirstFitSelection>(
        job.items.begin(), job.items.end(), bin, steps(job.gap), config);
}

// Whether a placed part reaches over the edge or into a zone by more than a thousandth of a mm; how
// parts stand to one another is taken as it is.
bool is_off(const Job& job, const Item& part) {
    const ClipperLib::Path& path = part.transformedShape().Contour;
    const double slack = 1e-3;
    for (const auto& p : path) {
        const double x = p.X / STEPS, y = p.Y / STEPS;
        const bool on = job.bed == "circle"
            ? std::hypot(x, y) <= job.size[0] + slack
            : x >= -slack && y >= -slack && x <= job.size[0] + slack && y <= job.size[1] + slack;
        if (!on) return true;
    }
    for (const Zone& zone : job.zones) {
        const double low[2] = {zone.low[0] + slack, zone.low[1] + slack};
        const double high[2] = {zone.high[0] - slack, zone.high[1] - slack};
        ClipperLib::Path box = {PointImpl(steps(low[0]), steps(low[1])),
                                PointImpl(steps(high[0]), steps(low[1])),
                                PointImpl(steps(high[0]), steps(high[1])),
                                PointImpl(steps(low[0]), steps(high[1]))};
        ClipperLib::Clipper clipper;
        clipper.AddPath(path, ClipperLib::ptSubject, true);
        clipper.AddPath(box, ClipperLib::ptClip, true);
        ClipperLib::Paths common;
        clipper.Execute(ClipperLib::ctIntersection, common, ClipperLib::pftNonZero);
        if (!common.empty()) return true;
    }
    return false;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) fail("JOB ROTATIONS");
    Job job = read(argv[1]);
    const size_t parts = job.items.size();
    add_zones(job);
    const int rotations = std::atoi(argv[2]);
    const double half = job.gap / 2;
    if (job.bed == "rectangle") {
        libnest2d::Box bin(PointImpl(steps(-half), steps(-half)),
                           PointImpl(steps(job.size[0] + half), steps(job.size[1] + half)));
        nest(job, bin, rotations);
    } else if (job.bed == "circle" && job.zones.empty()) {
        libnest2d::Circle bin(PointImpl(0, 0), double(steps(job.size[0] + half)));
        nest(job, bin, rotations);
    } else {
        fail("no such bed: " + job.bed);
    }
    std::set<int> plates;
    int unplaced = 0, off = 0;
    for (size_t i = 0; i < parts; i++) {
        const int plate = job.items[i].binId();
        if (plate < 0 || (!job.zones.empty() && plate >= ZONED_PLATES)) {
            unplaced++;
        } else {
            plates.insert(plate);
            off += is_off(job, job.items[i]);
        }
    }
    std::cout << "{\"plates\": " << plates.size() << ", \"unplaced\": " << unplaced
              << ", \"off\": " << off << "}"
              << std::endl;
}
